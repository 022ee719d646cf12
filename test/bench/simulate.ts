/**
 * Bench `simulate`: personas a second through twelve weeks of a daily program, over the machine alone being fed the very
 * same events in the same run (no calendar, no transcript, no clock).
 */
import { formatLocal, resolveWait } from '../../shared/calendar/local-time.ts';
import { type ProgramDefinitionInput, programDefinition } from '../../shared/contracts/programs.ts';
import { advance, advanceInPlace, initialState } from '../../shared/domain/journeys/machine.ts';
import type { JourneyEvent } from '../../shared/domain/journeys/messages.ts';
import type { Persona } from '../../shared/domain/journeys/simulate/persona.ts';
import { simulate } from '../../shared/domain/journeys/simulate/simulate.ts';
import { simulatePopulation } from '../../shared/domain/journeys/simulate/simulate-population.ts';
import type { CoacheeFacts } from '../../shared/domain/journeys/state.ts';
import { type BenchLine, compared, comparedAsSpeed } from './line.ts';

const DAYS = 84;
const PERSONAS = 100;
const THOUSAND = 1000;
const RUNS = 5;
const ZONES = ['Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe', 'America/Sao_Paulo'];

const program = programDefinition.parse({
  v: 1,
  title: 'Twelve weeks',
  steps: [...[...Array(DAYS).keys()].flatMap(daySteps), { type: 'finish', key: `morning-${DAYS}` }],
});

/** A morning message, an evening question, and a branch on the answer. */
function daySteps(day: number): ProgramDefinitionInput['steps'] {
  const number = { kind: 'number', min: 0, max: 10 } as const;
  return [
    { type: 'wait', key: `morning-${day}`, until: { time: '08:00', afterDays: 1 } },
    { type: 'message', key: `hello-${day}`, text: 'Good morning {{coachee.name}}, day by day.' },
    { type: 'wait', key: `evening-${day}`, until: { time: '19:30' } },
    { type: 'ask', key: `mood-${day}`, text: 'How was it?', answer: number, timeout: { after: { hours: 3 } } },
    {
      type: 'branch',
      key: `turn-${day}`,
      cases: [{ when: { answer: `mood-${day}`, gte: 5 }, goTo: `morning-${day + 1}` }],
    },
  ];
}

function personaOf(i: number): Persona {
  const timeZone = ZONES[i % ZONES.length] ?? 'UTC';
  const answers = Object.fromEntries([...Array(DAYS).keys()].map((day) => [`mood-${day}`, (i + day) % 11]));
  return { name: `Persona ${i}`, timeZone, startAt: '2026-02-01T12:00:00Z', answers };
}

/** The events that carry one journey through the program, found by living it once. */
function eventsOf(facts: CoacheeFacts): JourneyEvent[] {
  const events: JourneyEvent[] = [{ type: 'start' }];
  let { state } = advance(program, initialState(), { event: { type: 'start' }, facts });
  while (state.pending) {
    const { kind, stepKey, occurrence } = state.pending;
    const event: JourneyEvent =
      kind === 'delivery'
        ? { type: 'delivered', outcome: 'sent', stepKey, occurrence }
        : kind === 'reply'
          ? { type: 'reply', id: `r-${stepKey}`, text: '7' }
          : { type: 'due', stepKey, occurrence };
    events.push(event);
    state = advance(program, state, { event, facts }).state;
  }
  return events;
}

function rateOf(work: (i: number) => void): number {
  const startedMs = performance.now();
  for (let i = 0; i < PERSONAS; i++) work(i);
  return (PERSONAS * 1000) / (performance.now() - startedMs);
}

/** The median of five runs each, taken in turns after one that warms up. */
export async function benchSimulate(): Promise<BenchLine[]> {
  const personas = [...Array(PERSONAS).keys()].map(personaOf);
  const facts: CoacheeFacts = {
    ...{ id: 'ana', name: 'Ana', language: null, traits: {}, tags: [], entitlements: [], checkIns: {} },
  };
  const events = eventsOf(facts);
  const whole = (i: number) => simulate(program, personas[i] ?? personaOf(i), { resolveWait, formatLocal });
  const bare = () => {
    let state = initialState();
    for (const event of events) state = advanceInPlace(program, state, { event, facts }).state;
  };
  const runs: { whole: number; bare: number; report: number }[] = [];
  for (let run = 0; run <= RUNS; run++) {
    runs.push({ whole: rateOf(whole), bare: rateOf(bare), report: secondsOf(() => reportOn(THOUSAND)) });
  }
  const measured = runs.slice(1);
  return [
    compared({
      bench: 'simulate',
      subject: measured.map(({ whole: rate }) => rate),
      baseline: measured.map(({ bare: rate }) => rate),
      unit: 'personas/s of 12 weeks',
    }),
    comparedAsSpeed({
      bench: 'simulate.report',
      subject: measured.map(({ report }) => report),
      baseline: measured.map(({ bare: rate }) => THOUSAND / rate),
      unit: 's for 1,000 personas of 12 weeks',
    }),
  ];
}

/** Personas who differ in what they answer and when, and the figures of all of them. */
function reportOn(count: number): void {
  const zones = ZONES.map((timeZone) => ({ timeZone, weight: 1 }));
  const mix = [
    { weight: 3, persona: { policy: 'random' as const, replyDelaySeconds: { from: 30, to: 7200 } } },
    { weight: 1, persona: { answerRate: 0.6 } },
    { weight: 1, persona: { policy: 'silent' as const } },
  ];
  const population = { count, seed: 'bench', startAt: '2026-02-01T12:00:00Z', startSpreadDays: 7, zones, mix };
  simulatePopulation(program, population, { resolveWait, formatLocal });
}

function secondsOf(work: () => void): number {
  const startedMs = performance.now();
  work();
  return (performance.now() - startedMs) / 1000;
}
