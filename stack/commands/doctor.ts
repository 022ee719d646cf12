/** `npm run doctor`: what is there, which version, what runs, and what is missing. */
import { chooseServers, withoutCredentials } from '../choose-servers.ts';
import { findPart } from '../parts/cache.ts';
import { withDependencies } from '../parts/obtain-all.ts';
import type { Part } from '../parts/part.ts';
import { versionIn } from '../parts/path-binary.ts';
import { DATA_DIR } from '../paths.ts';
import { findCommand } from '../processes/find-command.ts';
import { run } from '../processes/run.ts';
import { say } from '../progress.ts';
import { canConnect } from '../reach.ts';
import { findRunningStack, type RunningStack } from '../running-stack.ts';
import type { Server } from '../server.ts';
import { SERVERS } from '../servers.ts';
import { timeSkippingServer } from '../testserver.ts';

type Row = [name: string, state: string, version: string, detail: string];

const TOOLS: [command: string, versionArgs: string[], use: string][] = [
  ['git', ['--version'], ''],
  ['npm', ['--version'], ''],
  ['go', ['version'], 'builds Temporal, Ollama and the S3 store where they are not installed'],
  ['python3', ['--version'], 'brings models and Chroma where no hub is reachable'],
  ['java', ['-version'], 'runs the time-skipping server of the tests'],
  ['mvn', ['--version'], 'brings the time-skipping server'],
  ['apt-get', ['--version'], 'brings Redis where it is not installed'],
];

const printTable = (rows: Row[]): void => {
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => (row[column] as string).length)) + 2);
  for (const row of rows)
    say(
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('')
        .trimEnd(),
    );
};

const toolRow = async ([command, versionArgs, use]: (typeof TOOLS)[number]): Promise<Row> => {
  const path = findCommand(command);
  if (!path) return [command, 'absent', '', use];
  // java writes its version to standard error.
  const shell = ['-c', `"$0" "$@" 2>&1`, path, ...versionArgs];
  return [command, 'there', versionIn(await run('sh', shell).catch(() => '')) ?? '', path];
};

interface PartFinding {
  row: Row;
  /** Whether the part is there or some way to it is open. */
  obtainable: boolean;
}

const inspectPart = async (part: Part): Promise<PartFinding> => {
  const found = await findPart(part);
  if (found) return { row: [part.name, 'there', found.version, `${found.source}: ${found.main}`], obtainable: true };
  const open = part.ways.find((way) => way.needs.every((command) => findCommand(command) !== null));
  if (open) return { row: [part.name, 'to be made', part.version, `at the next start: ${open.how}`], obtainable: true };
  const lacking = [
    ...new Set(part.ways.flatMap((way) => way.needs.filter((command) => findCommand(command) === null))),
  ];
  return {
    row: [part.name, 'MISSING', part.version, `without ${lacking.join(', ')}. ${part.remedy}`],
    obtainable: false,
  };
};

const runningRow = async (server: Server, running: RunningStack | null): Promise<Row> => {
  const address = running?.environment[server.addressVariable];
  if (!address) return [server.name, 'not running', '', ''];
  return [server.name, (await canConnect(address)) ? 'runs' : 'SILENT', '', withoutCredentials(address)];
};

const givenRow = async (server: Server, address: string): Promise<PartFinding> => {
  const answers = await canConnect(address);
  const detail = `${server.addressVariable}=${withoutCredentials(address)}`;
  return { row: [server.name, answers ? 'given' : 'SILENT', '', detail], obtainable: answers };
};

/** Prints the tables; gives 1 when something that `npm start` needs cannot be had, else 0. */
export const doctor = async (): Promise<number> => {
  const { embedded, given } = chooseServers(SERVERS, process.env);
  const running = findRunningStack(DATA_DIR);
  const parts = withDependencies(embedded.flatMap((server) => server.parts));
  const needed = [
    ...(await Promise.all(given.map(({ server, address }) => givenRow(server, address)))),
    ...(await Promise.all(parts.map(inspectPart))),
  ];
  say('Tools');
  printTable([['node', 'there', process.versions.node, process.execPath], ...(await Promise.all(TOOLS.map(toolRow)))]);
  say('\nServers and their parts');
  printTable(needed.map(({ row }) => row));
  say('\nFor npm test');
  printTable([(await inspectPart(timeSkippingServer)).row]);
  say(`\nnpm start ${running ? 'runs' : 'does not run'}`);
  if (running) printTable(await Promise.all(SERVERS.map((server) => runningRow(server, running))));
  return needed.every(({ obtainable }) => obtainable) ? 0 : 1;
};
