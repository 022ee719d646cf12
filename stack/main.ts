/** `node stack/bootstrap.mjs stack/main.ts COMMAND [ARGUMENT...]`, as package.json's scripts call it. */
import { check } from './commands/check.ts';
import { demo } from './commands/demo.ts';
import { doctor } from './commands/doctor.ts';
import { program } from './commands/program.ts';
import { record } from './commands/record.ts';
import { start } from './commands/start.ts';
import { test } from './commands/test.ts';
import { testStack } from './commands/test-stack.ts';

const COMMANDS: Record<string, (args: string[]) => Promise<number>> = {
  start,
  test,
  'test:stack': testStack,
  doctor,
  check,
  demo,
  program,
  record,
};

const [name = '', ...args] = process.argv.slice(2);
const command = COMMANDS[name];
try {
  if (!command) throw new Error(`There is no command ${name}: there are ${Object.keys(COMMANDS).join(', ')}`);
  process.exitCode = await command(args);
} catch (error) {
  process.stderr.write(`\n${(error as Error).message}\n`);
  process.exitCode = 1;
}
