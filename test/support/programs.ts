/** Factories of definitions, and arbitraries of ones that lint clean. */
import fc from 'fast-check';
import { type ProgramDefinitionInput, programDefinition } from '../../shared/contracts/programs.ts';
import type { ProgramDefinition } from '../../shared/domain/journeys/definition.ts';

export type StepInput = ProgramDefinitionInput['steps'][number];

/** A parsed definition of these steps. */
export function programOf(steps: StepInput[], rest: Partial<ProgramDefinitionInput> = {}): ProgramDefinition {
  return programDefinition.parse({ v: 1, title: 'A test program', steps, ...rest });
}

/** A question with a timeout, so that it lints without a warning. */
export function askStep(key: string, answer: (StepInput & { type: 'ask' })['answer'], rest = {}): StepInput {
  return { type: 'ask', key, text: `What of ${key}?`, answer, timeout: { after: { days: 1 } }, ...rest };
}

/** Raw choices for one step, turned into a step once it is known how many there are. */
interface Seed {
  kind: number;
  detail: number;
  to: number;
  otherTo: number;
}

const seed: fc.Arbitrary<Seed> = fc.record({
  kind: fc.nat(99),
  detail: fc.nat(99),
  to: fc.nat(99),
  otherTo: fc.nat(99),
});

/**
 * Definitions without lint errors: exits that nothing slows lead forward only; those behind a wait or a question lead
 * anywhere; a repeat goes back to a wait. Two signals may come, one of which leads to some step; a goal and two exits are
 * watched for, one of which leads to some step.
 */
export const cleanProgram: fc.Arbitrary<ProgramDefinition> = fc
  .tuple(fc.array(seed, { minLength: 1, maxLength: 12 }), fc.nat(99), fc.nat(99))
  .map(([seeds, signalTo, exitTo]) => {
    const steps = seeds.map((one, i) => cleanStep(one, i, seeds));
    return programOf(steps, {
      signals: [
        { name: 'paid', payload: { amount: 'number', by: 'text', again: 'boolean' } },
        { name: 'jump', payload: {}, goTo: keyOf(signalTo % seeds.length) },
      ],
      ...(exitTo % 2 && {
        goals: [{ goal: 'Steady', when: { adherence: 'walking', gte: 0.5 } }],
        exits: [
          { when: { tag: 'seen' }, outcome: 'aside', goTo: keyOf(exitTo % seeds.length) },
          { when: { trait: 'mood', gte: 90 }, outcome: 'enough' },
        ],
      }),
    });
  });

const KINDS = [
  ...(['message', 'ask', 'wait', 'branch', 'set', 'callWebhook', 'goal', 'finish'] as const),
  ...(['coach', 'lesson', 'checkin', 'abSplit', 'waitFor', 'review', 'email'] as const),
  ...(['tag', 'untag', 'paymentGate', 'repeat', 'jump', 'subprogram', 'habit'] as const),
];

function kindOfSeed({ kind }: Seed): (typeof KINDS)[number] {
  return KINDS[kind % KINDS.length] ?? 'message';
}

/** Keys that are also names of Object's own properties are among them on purpose. */
function keyOf(position: number): string {
  return position === 1 ? 'constructor' : `s${position}`;
}

function cleanStep(one: Seed, i: number, seeds: Seed[]): StepInput {
  const key = keyOf(i);
  const forward = (pick: number) => (i + 1 < seeds.length ? keyOf(i + 1 + (pick % (seeds.length - i - 1))) : undefined);
  const anywhere = (pick: number) => keyOf(pick % seeds.length);
  const onward = nextField(one.to % 3 === 0 ? undefined : forward(one.to));
  const text = `Step ${i} for {{coachee.name|you}}${variableFor(one, seeds)}`;
  switch (kindOfSeed(one)) {
    case 'message':
      return { type: 'message', key, text, buttons: [{ label: 'Good', value: 'good' }], ...onward };
    case 'ask': {
      const goTo = one.otherTo % 2 ? { goTo: anywhere(one.otherTo) } : {};
      const timeout = one.detail % 5 === 0 ? {} : { timeout: { after: { minutes: 1 + one.detail }, ...goTo } };
      const next = nextField(one.to % 3 === 0 ? undefined : anywhere(one.to));
      return { type: 'ask', key, text, answer: answerFor(one.detail), ...timeout, ...next };
    }
    case 'wait': {
      const following = seeds[i + 1];
      const isRepeated = following !== undefined && kindOfSeed(following) === 'repeat';
      return { type: 'wait', key, ...lengthOf(one.detail), ...(isRepeated ? {} : nextField(anywhere(one.to))) };
    }
    case 'branch': {
      const goTo = forward(one.otherTo);
      if (goTo === undefined) return { type: 'finish', key };
      return { type: 'branch', key, cases: [{ when: { trait: 'mood', gte: one.detail }, goTo }], ...onward };
    }
    case 'set':
      return one.detail % 2
        ? { type: 'set', key, trait: 'mood', value: one.detail, ...onward }
        : { type: 'set', key, tag: 'seen', present: one.detail % 4 === 0, ...onward };
    case 'callWebhook': {
      const onFailure = forward(one.otherTo);
      return { type: 'callWebhook', key, url: 'https://example.org/x', ...onward, ...(onFailure && { onFailure }) };
    }
    case 'goal':
      return { type: 'goal', key, goal: `Goal ${one.detail % 3}`, ...onward };
    case 'finish':
      return { type: 'finish', key, outcome: `End ${i}` };
    default:
      return furtherStep(one, { i, key, text, previous: seeds[i - 1], forward, anywhere, onward });
  }
}

interface Surroundings {
  i: number;
  key: string;
  text: string;
  previous: Seed | undefined;
  forward: (pick: number) => string | undefined;
  anywhere: (pick: number) => string;
  onward: { next?: string };
}

function furtherStep(one: Seed, around: Surroundings): StepInput {
  const { i, key, text, previous, forward, onward } = around;
  const { detail } = one;
  const end: StepInput = { type: 'finish', key, outcome: `End ${i}` };
  const goTo = forward(one.otherTo);
  switch (kindOfSeed(one)) {
    case 'coach':
      return { type: 'coach', key, prompt: `Cheer up ${text}`, fallback: text, send: detail % 3 > 0, ...onward };
    case 'abSplit':
      return {
        ...{ type: 'abSplit', key, trait: 'tone', ...onward },
        variants: [{ value: 'soft' }, { value: 'hard', weight: detail, ...(goTo && { goTo }) }],
      };
    case 'email':
      return { type: 'email', key, subject: `Week ${i}`, text, ...onward };
    case 'repeat':
      if (!previous || kindOfSeed(previous) !== 'wait') return end;
      return { type: 'repeat', key, from: keyOf(i - 1), times: 2 + (detail % 4), until: { tag: 'seen' }, ...onward };
    case 'jump':
      return goTo === undefined ? end : { type: 'jump', key, to: goTo };
    case 'subprogram':
      return { type: 'subprogram', key, program: 'another', ...onward };
    case 'habit':
      return { type: 'habit', key, habit: 'walking', ...(detail % 2 && { forDays: 1 + detail }), ...onward };
    case 'tag':
    case 'untag':
      return { type: kindOfSeed(one) === 'tag' ? 'tag' : 'untag', key, tag: 'seen', ...onward };
    default:
      return holdingStep(one, around);
  }
}

/** A step that waits for a person or something else, with a timeout. */
function holdingStep(one: Seed, { i, key, text, anywhere, onward }: Surroundings): StepInput {
  const { detail } = one;
  const timeout = { after: { minutes: 1 + detail }, ...(one.otherTo % 2 ? { goTo: anywhere(one.otherTo) } : {}) };
  const behindPause = nextField(one.to % 3 === 0 ? undefined : anywhere(one.to));
  switch (kindOfSeed(one)) {
    case 'lesson':
      return { type: 'lesson', key, title: `Lesson ${i}`, text, ...(detail % 5 ? { timeout } : {}), ...behindPause };
    case 'checkin': {
      const target = detail % 2 ? { target: { amount: 1 + detail, unit: 'minutes' } } : {};
      return { type: 'checkin', key, habit: 'walking', text, timeout, ...target, ...behindPause };
    }
    case 'review': {
      const rejected = detail % 2 ? { rejected: anywhere(detail) } : {};
      return { type: 'review', key, text, timeout, ...rejected, ...behindPause };
    }
    case 'paymentGate':
      return { type: 'paymentGate', key, entitlement: 'premium', timeout, ...(detail % 2 ? { text } : {}), ...onward };
    default:
      if (detail % 3 === 0) return { type: 'waitFor', key, reply: true, timeout, ...behindPause };
      if (detail % 3 === 1) return { type: 'waitFor', key, signal: 'paid', timeout, ...behindPause };
      return { type: 'waitFor', key, until: { adherence: 'walking', gte: 0.5 }, timeout, ...onward };
  }
}

function nextField(next: string | undefined): { next?: string } {
  return next === undefined ? {} : { next };
}

/** A reference to the answer of some question, if there is any. */
function variableFor({ detail }: Seed, seeds: Seed[]): string {
  const asks = seeds.flatMap((other, i) => (kindOfSeed(other) === 'ask' ? [keyOf(i)] : []));
  return asks.length === 0 ? '' : ` {{answers.${asks[detail % asks.length]}|nothing}}`;
}

function answerFor(detail: number): (StepInput & { type: 'ask' })['answer'] {
  const options = [
    { value: 'a', label: 'Élan' },
    { value: 'b', label: 'Repos' },
  ];
  switch (detail % 4) {
    case 0:
      return { kind: 'text', minLength: 1 + (detail % 20) };
    case 1:
      return { kind: 'choice', options };
    case 2:
      return { kind: 'number', min: -detail, max: detail, integer: detail % 3 === 0 };
    default:
      return { kind: 'yesNo' };
  }
}

function lengthOf(detail: number) {
  if (detail % 4 === 0) return { for: { minutes: 1 + detail } };
  if (detail % 4 === 1) return { until: { time: '09:00', afterDays: detail % 3 } };
  if (detail % 4 === 2) return { until: { weekday: 'sunday', time: '18:30' } } as const;
  return { for: { days: 1 + (detail % 3), hours: 2 } };
}
