/** Temporal: the development server with its Web UI, on SQLite. */
import { join } from 'node:path';
import { Connection } from '@temporalio/client';
import protocol from '@temporalio/proto';
import { searchAttributes } from '../temporal/search-attributes.ts';
import { fairQueues } from './fair-queues.ts';
import { goInstall } from './parts/go-install.ts';
import type { Part } from './parts/part.ts';
import { temporalDownload } from './parts/temporal-download.ts';
import { canConnect } from './reach.ts';
import { LOOPBACK, type Server } from './server.ts';

const NAMESPACE = 'default';

/** What runs can be searched by: `[['creatorId', 'KEYWORD'], ['dueAt', 'DATETIME'], ...]`. */
const attributeTypes = Object.values(searchAttributes).map(({ name, type }) => [name, type] as const);

/** The command line calls the types Keyword, Datetime, Bool. */
const asFlagValue = (type: string): string => type.charAt(0) + type.slice(1).toLowerCase();

const { IndexedValueType } = protocol.temporal.api.enums.v1;

export const temporalCli: Part = {
  name: 'temporal',
  version: '1.5.1',
  onPath: { command: 'temporal', versionArgs: ['--version'], minimum: '1.3.0' },
  main: 'temporal',
  ways: [temporalDownload('cli', 'temporal'), goInstall('github.com/temporalio/cli/cmd/temporal@v1.5.1')],
  remedy: 'Install Go (go.dev) or the Temporal CLI, or give TEMPORAL_ADDRESS.',
};

/** Adds the search attributes that a given server lacks. The embedded server gets them as flags. */
const addSearchAttributes = async (address: string, namespace: string): Promise<void> => {
  const connection = await Connection.connect({ address });
  try {
    const known = await connection.operatorService.listSearchAttributes({ namespace });
    const lacking = attributeTypes.filter(([name]) => !(name in (known.customAttributes ?? {})));
    if (lacking.length === 0) return;
    const types = lacking.map(([name, type]) => [name, IndexedValueType[`INDEXED_VALUE_TYPE_${type}`]]);
    await connection.operatorService.addSearchAttributes({ namespace, searchAttributes: Object.fromEntries(types) });
  } finally {
    await connection.close();
  }
};

export const temporal: Server = {
  name: 'temporal',
  addressVariable: 'TEMPORAL_ADDRESS',
  settings: ['TEMPORAL_NAMESPACE', 'TEMPORAL_UI_URL'],
  ports: [
    { variable: 'TEMPORAL_PORT', defaultPort: 7233, what: 'Temporal' },
    { variable: 'TEMPORAL_UI_PORT', defaultPort: 8233, what: 'the Temporal UI' },
  ],
  parts: [temporalCli],
  async launch({ dataDir, port, durable, part }) {
    const attributes = attributeTypes.flatMap(([name, type]) => ['--search-attribute', `${name}=${asFlagValue(type)}`]);
    // WAL doubles the throughput of SQLite's default journal (docs/decisions); tests keep everything in memory.
    const databaseFile = join(dataDir, 'temporal.db');
    const storage = ['--db-filename', databaseFile];
    const pragmas = ['--sqlite-pragma', 'journal_mode=WAL', '--sqlite-pragma', 'synchronous=NORMAL'];
    const ui = ['--ui-ip', LOOPBACK, '--ui-port', String(port('TEMPORAL_UI_PORT'))];
    return {
      command: part('temporal').main,
      args: [
        ...['server', 'start-dev', '--ip', LOOPBACK, '--port', String(port('TEMPORAL_PORT')), '--log-level', 'warn'],
        ...(durable ? [...storage, ...pragmas, ...ui] : ['--headless']),
        ...attributes,
        ...(await fairQueues(dataDir, durable ? databaseFile : null)),
      ],
      // The CLI reads a person's own profile otherwise, which may point at another server.
      env: { TEMPORAL_CONFIG_FILE: join(dataDir, 'no-profile.toml') },
    };
  },
  isReady: ({ port }) => answersHealth(`${LOOPBACK}:${port('TEMPORAL_PORT')}`),
  environment: ({ port }) => ({
    TEMPORAL_ADDRESS: `${LOOPBACK}:${port('TEMPORAL_PORT')}`,
    TEMPORAL_NAMESPACE: NAMESPACE,
    TEMPORAL_UI_URL: `http://${LOOPBACK}:${port('TEMPORAL_UI_PORT')}`,
  }),
  prepare: async ({ TEMPORAL_ADDRESS = '', TEMPORAL_NAMESPACE = NAMESPACE }) =>
    addSearchAttributes(TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE),
};

/** The port opens before the namespace exists: the server is up once the namespace can be described. */
const answersHealth = async (address: string): Promise<boolean> => {
  if (!(await canConnect(address))) return false;
  const connection = Connection.lazy({ address });
  try {
    await connection.withDeadline(Date.now() + 1_000, () =>
      connection.workflowService.describeNamespace({ namespace: NAMESPACE }),
    );
    return true;
  } catch {
    return false;
  } finally {
    await connection.close();
  }
};
