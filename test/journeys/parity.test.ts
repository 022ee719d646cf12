/** What the simulator says is what the coachee lives: its transcript and a real run's are the same, message by message and time by time. */
import { describe, expect, it } from 'vitest';
import { formatLocal, resolveWait } from '../../shared/calendar/local-time.ts';
import { programDefinition } from '../../shared/contracts/programs.ts';
import { Message } from '../../shared/db/entities/conversations.ts';
import type { Persona } from '../../shared/domain/journeys/simulate/persona.ts';
import { type Simulation, simulate } from '../../shared/domain/journeys/simulate/simulate.ts';
import { demoProgram } from '../../stack/demo-program.ts';
import { asked, type StartedJourney, startedJourney } from '../support/journey-run.ts';
import { givenStage } from '../support/stage.ts';

const REPLY_DELAY_S = 90;
/** A real send takes real milliseconds, a simulated one none; over a whole program they add up to less than this. */
const TOLERANCE_MS = 20_000;

const stage = givenStage();

const simulated = (definition: object, persona: Persona): Simulation =>
  simulate(programDefinition.parse(definition), persona, { resolveWait, formatLocal });

/** Answers the real journey with what the simulated persona said, as late as it did. */
const live = async (journey: StartedJourney, script: Simulation): Promise<string> => {
  const said = script.transcript.filter(({ from }) => from === 'coachee');
  for (const [index, { stepKey, text }] of said.entries()) {
    await advanceUntilAsked(journey, stepKey);
    await stage.world.sleep(REPLY_DELAY_S * 1000);
    await journey.tell('reply', { id: `said-${index}`, text });
  }
  return journey.result();
};

/** Skips from due time to due time until the journey asks at `stepKey`. */
const advanceUntilAsked = async (journey: StartedJourney, stepKey: string | null): Promise<void> => {
  for (;;) {
    const now = await journey.until(({ doing }) => doing.startsWith('Waiting'));
    if (asked(now) && now.stepKey === stepKey) return;
    const dueMs = Date.parse(now.dueAt ?? '') - (await stage.world.now());
    await stage.world.sleep(Math.max(dueMs, 0) + 50);
  }
};

const transcriptOf = async (journey: StartedJourney) => {
  const rows = await journey
    .em()
    .find(Message, { coacheeId: journey.coacheeId, direction: 'out' }, { orderBy: { seq: 'asc' } });
  return rows.map(({ text, localTime, stepKey }) => ({ stepKey, text, local: localTime ?? '' }));
};

const instantOf = (local: string) => Date.parse(local.slice(4));

describe('the simulator and a real journey', () => {
  const personas = [
    { name: 'Mira', timeZone: 'Europe/Berlin', policy: 'agreeable' },
    { name: 'Noah', timeZone: 'America/New_York', policy: 'contrary' },
    { name: 'Aiko', timeZone: 'Australia/Lord_Howe', policy: 'silent' },
  ] as const;

  it.each(personas)('tell the demo program alike for a $policy persona in $timeZone', async (traits) => {
    const persona = (startAt: string): Persona => ({ ...traits, startAt, replyDelaySeconds: REPLY_DELAY_S });
    const script = simulated(demoProgram, persona(new Date(await stage.world.now()).toISOString()));
    const journey = await startedJourney(stage, demoProgram, { timeZone: traits.timeZone, name: traits.name });

    const outcome = await live(journey, script);

    const [first] = await journey.timeline();
    const expected = simulated(demoProgram, persona(first?.at.toISOString() ?? ''));
    const told = expected.transcript.filter(({ from }) => from === 'program');
    const lived = await transcriptOf(journey);
    expect(lived.map(({ stepKey, text }) => ({ stepKey, text }))).toEqual(
      told.map(({ stepKey, text }) => ({ stepKey, text })),
    );
    for (const [index, { local }] of lived.entries()) {
      const gapMs = Math.abs(instantOf(local) - instantOf(told[index]?.local ?? ''));
      expect(gapMs, `${local} beside ${told[index]?.local}`).toBeLessThan(TOLERANCE_MS);
    }
    expect(outcome).toBe(expected.outcome);
  });
});
