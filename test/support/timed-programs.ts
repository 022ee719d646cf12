/** Arbitraries of programs that are lived by the clock, and of coachees who live them. Every journey ends: goTos lead forward, rounds are counted. */
import fc from 'fast-check';
import type { ProgramDefinitionInput } from '../../shared/contracts/programs.ts';
import type { Persona } from '../../shared/domain/journeys/simulate/persona.ts';
import type { StepInput } from './programs.ts';

/** Raw choices for one step, turned into a step once it is known how many there are. */
interface Seed {
  kind: number;
  detail: number;
  to: number;
}

const seed: fc.Arbitrary<Seed> = fc.record({ kind: fc.nat(999), detail: fc.nat(99), to: fc.nat(99) });

export interface TimedLife {
  definition: ProgramDefinitionInput;
  /** But for the start. */
  persona: Omit<Persona, 'name' | 'startAt'>;
}

const ZONES = ['Europe/Berlin', 'America/New_York', 'Asia/Kathmandu', 'Australia/Lord_Howe', 'Pacific/Apia'];

/** `todayMs`: dates that steps name lie around it. */
export const timedLife = (todayMs: number): fc.Arbitrary<TimedLife> =>
  fc
    .record({
      seeds: fc.array(seed, { minLength: 4, maxLength: 9 }),
      persona: personaSeed,
      watches: fc.boolean(),
      merges: fc.boolean(),
    })
    .map(({ seeds, persona, watches, merges }) => ({
      definition: {
        v: 1,
        title: 'A generated program',
        signals: [
          { name: 'paid', payload: { amount: 'number' } },
          { name: 'hop', payload: {}, goTo: keyOf(seeds.length - 1) },
        ],
        ...(watches && watched(seeds)),
        steps: seeds.map((one, i) => stepOf(one, i, { count: seeds.length, todayMs, merges })),
      },
      persona,
    }));

const personaSeed: fc.Arbitrary<TimedLife['persona']> = fc
  .record({
    zone: fc.nat(ZONES.length - 1),
    policy: fc.constantFrom('agreeable', 'contrary', 'random', 'silent'),
    delay: fc.nat(40),
    answerRate: fc.constantFrom(1, 0.7),
    paidAfter: fc.nat(60),
    hopAfter: fc.option(fc.nat(200)),
    pause: fc.option(fc.record({ after: fc.nat(50), hours: fc.nat(60), shift: fc.boolean() })),
    boughtAfter: fc.nat(60),
    quiet: fc.boolean(),
    rejects: fc.boolean(),
  })
  .map(({ zone, policy, delay, answerRate, paidAfter, hopAfter, pause, boughtAfter, quiet, rejects }) => ({
    timeZone: ZONES[zone] ?? 'UTC',
    ...{ policy, answerRate },
    // Odd seconds, so that nothing a person does falls on the instant of a timer.
    replyDelaySeconds: 37 + delay * 307,
    signals: [
      { after: { hours: paidAfter, seconds: 613 }, name: 'paid', payload: { amount: paidAfter } },
      ...(hopAfter === null ? [] : [{ after: { hours: hopAfter, seconds: 1231 }, name: 'hop', payload: {} }]),
    ],
    pauses:
      pause === null
        ? []
        : [
            {
              after: { hours: pause.after, seconds: 1823 },
              for: { hours: 1 + pause.hours, seconds: 11 },
              mode: pause.shift ? ('shift' as const) : ('compress' as const),
            },
          ],
    purchases: [{ after: { hours: boughtAfter, seconds: 2423 }, entitlement: 'plus' }],
    ...(quiet && { deliveryPolicy: { quietHours: { from: '21:00', to: '07:30' } } }),
    ...(rejects && { reviews: rejections }),
  }));

const keyOf = (position: number): string => `s${position}`;
const LONGEST = 9;
const rejections: NonNullable<Persona['reviews']> = Object.fromEntries(
  Array.from({ length: LONGEST }, (_, i) => [
    keyOf(i),
    i % 2
      ? { verdict: 'rejected', note: 'Not yet', afterSeconds: 5003 }
      : { verdict: 'edited', text: 'Better so', afterSeconds: 9001 },
  ]),
);

/** A goal and an exit that whatever is answered may bring about. */
const watched = (seeds: Seed[]): Pick<ProgramDefinitionInput, 'goals' | 'exits'> => ({
  goals: [{ goal: 'Has paid', when: { signal: 'paid.amount', gte: 20 } }],
  exits: [
    { when: { trait: 'mood', gte: 90 }, outcome: 'overjoyed' },
    { when: { tag: 'seen' }, outcome: 'seen', goTo: keyOf(seeds.length - 1) },
  ],
});

interface Surroundings {
  count: number;
  todayMs: number;
  merges: boolean;
}

const KINDS = [
  ...(['ask', 'message', 'wait', 'branch', 'set', 'tag', 'goal', 'abSplit', 'repeat', 'jump'] as const),
  ...(['lesson', 'checkin', 'waitSignal', 'waitReply', 'waitCondition', 'review', 'paymentGate'] as const),
  ...(['wait', 'ask', 'message', 'habit'] as const),
];

const stepOf = ({ kind, detail, to }: Seed, i: number, { count, todayMs, merges }: Surroundings): StepInput => {
  const key = keyOf(i);
  const forward = keyOf(i + 1 < count ? i + 1 + (to % (count - i - 1)) : i);
  const isLast = i + 1 === count;
  const after = { hours: 1 + (detail % 30), minutes: 7 };
  const timeout = isLast || detail % 3 === 0 ? { after } : { after, goTo: forward };
  const late = merges ? ('merge' as const) : detail % 4 === 0 ? { dropAfter: { hours: 2 } } : ('send' as const);
  const text = `Step ${i} for {{coachee.name}}, {{traits.mood|no mood}}`;
  const base = { key };
  const name = isLast ? 'message' : (KINDS[kind % KINDS.length] ?? 'message');
  switch (name) {
    case 'ask':
      return { ...base, type: 'ask', text, answer: answerOf(detail), timeout, late };
    case 'message':
      return { ...base, type: 'message', text, late, buttons: [{ label: 'Good', value: 'good' }] };
    case 'wait':
      return { ...base, type: 'wait', ...ruleOf(detail, todayMs) };
    case 'branch':
      return { ...base, type: 'branch', cases: [{ when: conditionOf(detail, i), goTo: forward }] };
    case 'set':
      return { ...base, type: 'set', trait: 'mood', value: detail };
    case 'tag':
      return { ...base, type: 'tag', tag: detail % 2 ? 'seen' : 'keen' };
    case 'habit':
      return { ...base, type: 'habit', habit: 'stretch', ...(detail % 3 ? { forDays: detail + 1 } : {}) };
    case 'goal':
      return { ...base, type: 'goal', goal: `Goal ${detail % 3}` };
    case 'abSplit':
      return {
        ...base,
        type: 'abSplit',
        trait: 'variant',
        variants: [{ value: 'a', weight: 1 + (detail % 3), goTo: forward }, { value: 'b' }],
      };
    case 'repeat':
      return { ...base, type: 'repeat', from: keyOf(to % (i + 1)), times: 2 };
    case 'jump':
      return { ...base, type: 'jump', to: forward };
    case 'lesson':
      return { ...base, type: 'lesson', title: `Lesson ${i}`, text, timeout, late };
    case 'checkin': {
      const target = { amount: 10, unit: 'minutes' };
      return { ...base, type: 'checkin', habit: 'walk', text, timeout, ...(detail % 2 && { target }) };
    }
    case 'waitSignal':
      return { ...base, type: 'waitFor', signal: 'paid', timeout };
    case 'waitReply':
      return { ...base, type: 'waitFor', reply: true, timeout };
    case 'waitCondition':
      return { ...base, type: 'waitFor', until: conditionOf(detail, i), timeout };
    case 'review':
      return { ...base, type: 'review', text, timeout, ...(detail % 2 && { rejected: forward }) };
    case 'paymentGate':
      return { ...base, type: 'paymentGate', entitlement: 'plus', timeout, ...(detail % 2 && { text }) };
  }
};

const answerOf = (detail: number): (StepInput & { type: 'ask' })['answer'] => {
  const options = [
    { value: 'a', label: 'Élan' },
    { value: 'b', label: 'Repos' },
  ];
  switch (detail % 4) {
    case 0:
      return { kind: 'text', minLength: 3 };
    case 1:
      return { kind: 'choice', options };
    case 2:
      return { kind: 'number', min: 0, max: 10, integer: true };
    default:
      return { kind: 'yesNo' };
  }
};

const DAY_MS = 86_400_000;
const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;

const ruleOf = (detail: number, todayMs: number): Pick<StepInput & { type: 'wait' }, 'for' | 'until'> => {
  const date = new Date(todayMs + ((detail % 6) - 1) * DAY_MS).toISOString().slice(0, 10);
  switch (detail % 6) {
    case 0:
      return { for: { minutes: 1 + detail, seconds: 5 } };
    case 1:
      return { until: { time: '09:00', afterDays: detail % 3 } };
    case 2:
      return { until: { weekday: WEEKDAYS[detail % 7] ?? 'sunday', time: '18:30' } };
    case 3:
      return { until: { date, time: '08:15' } };
    case 4:
      return { until: { time: '06:45' } };
    default:
      return { for: { days: 1 + (detail % 3), hours: 2 } };
  }
};

const conditionOf = (detail: number, i: number) => {
  switch (detail % 5) {
    case 0:
      return { trait: 'mood', gte: detail };
    case 1:
      return { answer: keyOf(Math.max(0, i - 1)), exists: true };
    case 2:
      return { adherence: 'walk', gte: 0.5 };
    case 3:
      return { signal: 'paid.amount', gt: 5 };
    default:
      return { any: [{ tag: 'keen' }, { entitled: 'plus' }] };
  }
};
