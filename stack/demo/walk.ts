/** Walks a coachee through the demo program in a running system, on the web chat, and looks whether everything truly happened. */
import { randomBytes } from 'node:crypto';
import type { MessageId } from '../../shared/contracts/ids.ts';
import type { ChatItem, SayContent } from '../../shared/contracts/realtime.ts';
import { demoProgram } from '../demo-program.ts';
import { joinAsCoachee, type WebCoachee } from './coachee.ts';
import { type Creator, type Simulated, signInAsCreator } from './creator.ts';
import type { DemoStack } from './stack.ts';
import { findFaults } from './verify.ts';

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

export interface DemoLine {
  from: 'program' | 'coachee';
  /** The journey's own time; null for what the coachee says. */
  localTime: string | null;
  text: string;
  buttons: { label: string }[];
}

export type Hear = (line: DemoLine) => void;

export interface DemoResult {
  /** One sentence for each thing that is not as it should be. */
  faults: string[];
  steps: number;
  messages: number;
}

/** Lives the program at `msPerDay` milliseconds a day; `hear` is told each line as it comes. Throws where the API refuses something. */
export const walkDemo = async (stack: DemoStack, msPerDay: number, hear: Hear): Promise<DemoResult> => {
  const name = `Mira ${randomBytes(2).toString('hex')}`;
  const creator = await signInAsCreator(stack);
  const programId = await creator.programId(demoProgram.title);
  const startAt = new Date().toISOString();
  const expected = await creator.simulate(programId, { name, timeZone: TIME_ZONE, startAt, answers: ANSWERS });
  const code = await creator.joinCode(programId, msPerDay);
  const coachee = await joinAsCoachee(stack.apiUrl, { code, name, timeZone: TIME_ZONE });
  try {
    await live(coachee, expected, Date.now() + WHOLE_DEMO_MS, hear);
  } finally {
    coachee.close();
  }
  const faults = await check(creator, name, coachee, expected);
  return { faults, steps: expected.reached.length, messages: coachee.heard.length };
};

/** Answers as the simulated persona did, until everything foretold has come. */
const live = async (coachee: WebCoachee, { transcript }: Simulated, deadline: number, hear: Hear): Promise<void> => {
  for (const [index, line] of transcript.entries()) {
    if (line.from !== 'program') continue;
    const item = await coachee.next(Math.min(SILENCE_MS, Math.max(deadline - Date.now(), 0)));
    if (!item) return;
    hear({ ...item, from: 'program' });
    const answer = transcript[index + 1];
    if (answer?.from !== 'coachee') continue;
    coachee.say(contentOf(item, answer.text));
    hear({ from: 'coachee', localTime: null, text: answer.text, buttons: [] });
  }
};

/** A press where the answer is on a button, else words. */
const contentOf = (item: ChatItem, text: string): SayContent => {
  const button = item.buttons.find((one) => 'value' in one && (one.value === text || one.label === text));
  if (!button || !('value' in button)) return { kind: 'text', text };
  return { kind: 'button', messageId: item.id as MessageId, value: button.value };
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
