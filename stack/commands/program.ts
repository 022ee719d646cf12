/** `npm run program -- lint|diff|simulate|test|publish FILE`: a program that lives in Git; all but `publish` and `diff FILE` without a server. */
import { parseArgs } from 'node:util';
import { diffWithFile, diffWithPublished } from '../program/diff.ts';
import { lintFile } from '../program/lint.ts';
import { publishFile } from '../program/publish.ts';
import { simulateFile } from '../program/simulate.ts';
import { testFile } from '../program/test.ts';
import { say } from '../progress.ts';

const USAGE = `npm run program -- COMMAND FILE [OPTION...]      FILE is .json, .yaml or .yml

  lint FILE        what is wrong with it, and how to mend it
  diff FILE FILE   what differs between two files
  diff FILE        what differs from the published version            (asks the API)
  simulate FILE    what a coachee lives through
                     --trace NAME | --zone ZONE --start INSTANT --policy agreeable|silent|contrary
                     --people N --spread DAYS --calendar FILE.svg: a report on many, and their year as a picture
  test FILE        runs the golden traces of <name>.traces.yaml beside it
                     --accept: takes what comes for what shall come
  publish FILE     imports it by its slug, with its traces, and publishes it  (asks the API)
                     --note TEXT --accept
                     --overwrite: also where the draft there has changes that were never published

  --api URL        where Cairn runs, by default http://localhost:3000; the API key stands in CAIRN_CLIENT_ID and CAIRN_CLIENT_SECRET`;

const OPTIONS = {
  api: { type: 'string', default: 'http://localhost:3000' },
  note: { type: 'string' },
  accept: { type: 'boolean', default: false },
  overwrite: { type: 'boolean', default: false },
  trace: { type: 'string' },
  zone: { type: 'string' },
  start: { type: 'string' },
  policy: { type: 'string' },
  people: { type: 'string' },
  spread: { type: 'string' },
  calendar: { type: 'string' },
} as const;

const parse = (args: string[]) => parseArgs({ args, options: OPTIONS, allowPositionals: true });

/** Gives 0 when all is well, 1 when there is something to mend. Throws what keeps it from telling. */
export const program = async (args: string[]): Promise<number> => {
  const { values, positionals } = parse(args);
  const [command, file, other, ...more] = positionals;
  const files = command === 'diff' ? 2 : 1;
  if (file === undefined || more.length > 0 || (other !== undefined && files < 2)) return tellUsage();
  switch (command) {
    case 'lint':
      return lintFile(file);
    case 'diff':
      return other === undefined ? diffWithPublished(file, values.api) : diffWithFile(file, other);
    case 'simulate':
      return simulateFile(file, values);
    case 'test':
      return testFile(file, values.accept);
    case 'publish':
      return publishFile(file, values);
    default:
      return tellUsage();
  }
};

const tellUsage = (): number => {
  say(USAGE);
  return 1;
};
