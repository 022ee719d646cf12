/** `npm run demo`: walks a coachee through the demo program in the running system, at two seconds a day, and prints what was said. */
import { styleText } from 'node:util';
import { findDemoStack } from '../demo/stack.ts';
import { type DemoLine, walkDemo } from '../demo/walk.ts';
import { demoProgram } from '../demo-program.ts';
import { say } from '../progress.ts';

const MS_PER_DAY = 2_000;

/** Gives 0 only if every step truly happened in the running system. */
export const demo = async (): Promise<number> => {
  const stack = await findDemoStack();
  const started = Date.now();
  say(`Mira joins “${demoProgram.title}” as a test: a day lasts ${MS_PER_DAY / 1000} seconds.\n`);
  const { faults, steps, messages } = await walkDemo(stack, MS_PER_DAY, show);
  if (faults.length > 0) {
    say(`\nNot everything happened as it should:\n${faults.map((fault) => `- ${fault}`).join('\n')}`);
    return 1;
  }
  const seconds = Math.round((Date.now() - started) / 1000);
  say(`\n${steps} steps lived, ${messages} messages, in ${seconds} s. Everything happened as simulated.`);
  return 0;
};

const show = ({ from, localTime, text, buttons }: DemoLine): void => {
  const time = (localTime ?? '').replace(/(\d)T/, '$1 ').slice(0, 20).padEnd(20);
  const who = styleText(from === 'program' ? 'cyan' : 'green', from);
  const choices = buttons.length > 0 ? `\n${buttons.map(({ label }) => `[${label}]`).join(' ')}` : '';
  const [first, ...rest] = `${text}${choices}`.split('\n');
  say(`${styleText('dim', time)} ${who}  ${first}`);
  for (const line of rest) say(`${' '.repeat(30)}${line}`);
};
