/** `npm run demo`: walks a coachee through the demo program in the running system, at two seconds a day, and prints what was said. */
import { randomBytes } from 'node:crypto';
import { styleText } from 'node:util';
import type { MessageId } from '../../shared/contracts/ids.ts';
import type { ChatItem, SayContent } from '../../shared/contracts/realtime.ts';
import { joinAsCoachee, type WebCoachee } from '../demo/coachee.ts';
import { type Creator, type Simulated, signInAsCreator } from '../demo/creator.ts';
import { findDemoStack } from '../demo/stack.ts';
import { findFaults } from '../demo/verify.ts';
import { demoProgram } from '../demo-program.ts';
import { say } from '../progress.ts';

const MS_PER_DAY = 2_000;
const TIME_ZONE = 'Europe/Berlin';
/** What the coachee of the demo says; for everything else the first answer that fits. */
const ANSWERS = {
  intention: 'Mornings that do not begin in a hurry',
  'calm-before': 4,
  'one-moment': 'On Thursday, on the bench behind the library',
  'days-done': 3,
  'calm-after': 7,
};
/** Longer than any wait of the program at this pace. */
const SILENCE_MS = 20_000;
const WHOLE_DEMO_MS = 110_000;

/** Gives 0 only if every step truly happened in the running system. */
export const demo = async (): Promise<number> => {
  const stack = findDemoStack();
  const started = Date.now();
  const name = `Mira ${randomBytes(2).toString('hex')}`;
  const creator = await signInAsCreator(stack);
  const programId = await creator.programId(demoProgram.title);
  const startAt = new Date().toISOString();
  const expected = await creator.simulate(programId, { name, timeZone: TIME_ZONE, startAt, answers: ANSWERS });
  const code = await creator.joinCode(programId, MS_PER_DAY);
  say(`${name} joins “${demoProgram.title}” as a test: a day lasts ${MS_PER_DAY / 1000} seconds.\n`);
  const coachee = await joinAsCoachee(stack.apiUrl, { code, name, timeZone: TIME_ZONE });
  try {
    await live(coachee, expected, started + WHOLE_DEMO_MS);
  } finally {
    coachee.close();
  }
  const faults = await check(creator, name, coachee, expected);
  const seconds = Math.round((Date.now() - started) / 1000);
  if (faults.length === 0) {
    say(
      `\n${expected.reached.length} steps lived, ${coachee.heard.length} messages, in ${seconds} s. Everything happened as simulated.`,
    );
    return 0;
  }
  say(`\nNot everything happened as it should:\n${faults.map((fault) => `- ${fault}`).join('\n')}`);
  return 1;
};

/** Answers as the simulated persona did, until everything foretold has come. */
const live = async (coachee: WebCoachee, { transcript }: Simulated, deadline: number): Promise<void> => {
  for (const [index, line] of transcript.entries()) {
    if (line.from !== 'program') continue;
    const item = await coachee.next(Math.min(SILENCE_MS, Math.max(deadline - Date.now(), 0)));
    if (!item) return;
    show(item.localTime, 'program', item.text, item);
    const answer = transcript[index + 1];
    if (answer?.from !== 'coachee') continue;
    coachee.say(contentOf(item, answer.text));
    show(null, 'coachee', answer.text);
  }
};

/** A press where the answer is on a button, else words. */
const contentOf = (item: ChatItem, text: string): SayContent => {
  const button = item.buttons.find((one) => 'value' in one && (one.value === text || one.label === text));
  if (!button || !('value' in button)) return { kind: 'text', text };
  return { kind: 'button', messageId: item.id as MessageId, value: button.value };
};

const show = (localTime: string | null, from: string, text: string, item?: ChatItem): void => {
  const time = (localTime ?? '').replace(/(\d)T/, '$1 ').slice(0, 20).padEnd(20);
  const who = from === 'program' ? styleText('cyan', 'program') : styleText('green', 'coachee');
  const buttons = item && item.buttons.length > 0 ? `\n${item.buttons.map(({ label }) => `[${label}]`).join(' ')}` : '';
  const [first, ...rest] = `${text}${buttons}`.split('\n');
  say(`${styleText('dim', time)} ${who}  ${first}`);
  for (const line of rest) say(`${' '.repeat(30)}${line}`);
};

/** The last message has come before the journey's end is written down: waits for that, then compares. */
const check = async (creator: Creator, name: string, coachee: WebCoachee, expected: Simulated): Promise<string[]> => {
  const deadline = Date.now() + 10_000;
  let enrollment = await creator.enrollmentOf(name);
  while (enrollment.status !== expected.status && Date.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 200));
    enrollment = await creator.enrollmentOf(name);
  }
  const [timeline, deliveries] = await Promise.all([
    creator.timeline(enrollment.id),
    creator.deliveries(enrollment.id),
  ]);
  return findFaults({ expected, heard: coachee.heard, enrollment, timeline, deliveries });
};
