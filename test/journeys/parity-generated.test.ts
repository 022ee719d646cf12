/**
 * Fifty generated programs, each lived by a real workflow and by the simulator: every message and every line of the timeline is the same, at the
 * same instant.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { StartedJourney } from '../support/journey-run.ts';
import { givenStage } from '../support/stage.ts';
import { act, livedLife, type SimulatedLife, simulatedLife, startedLife, type Told } from '../support/timed-lives.ts';
import { type TimedLife, timedLife } from '../support/timed-programs.ts';

const PROGRAMS = 50;
const SEED = Number(process.env.CAIRN_PARITY_SEED ?? 20261123);
/** Clocks show whole seconds, and what people really do comes some milliseconds after its planned instant: mostly there is no gap at all. */
const TOLERANCE_MS = 2000;

const stage = givenStage();

interface Pair {
  life: TimedLife;
  journey: StartedJourney;
  simulated: SimulatedLife;
}

const started = async (life: TimedLife): Promise<Pair> => {
  const journey = await startedLife(stage, life);
  await journey.until(({ status }) => status !== 'starting');
  const [first] = await journey.timeline();
  return { life, journey, simulated: simulatedLife(life, journey.coacheeId, first?.at ?? new Date(0)) };
};

const sleepUntil = async (atMs: number): Promise<void> => {
  const leftMs = atMs - (await stage.world.now());
  if (leftMs > 0) await stage.world.sleep(leftMs);
};

/** Lets everybody do what the simulated ones did, at the same instants, on the one clock of all. */
const liveTogether = async (pairs: Pair[]): Promise<void> => {
  const script = pairs.flatMap(({ journey, simulated }) => simulated.script.map((one) => ({ ...one, journey })));
  for (const { atMs, event, journey } of script.sort((a, b) => a.atMs - b.atMs)) {
    await sleepUntil(atMs);
    await act(stage, journey, event);
  }
  await sleepUntil(Math.max(...pairs.map(({ simulated }) => simulated.endedAtMs)) + 60_000);
};

const withoutTimes = ({ messages, records }: Told) => ({
  messages: messages.map(({ local: _, ...message }) => message),
  records: records.map(({ local: _, ...record }) => record),
});

const instantsOf = (all: { local: string }[]): number[] => all.map(({ local }) => Date.parse(local.slice(4)));

/** How far the two are apart at most. */
const gapMs = (lived: { local: string }[], simulated: { local: string }[]): number => {
  const expected = instantsOf(simulated);
  return Math.max(0, ...instantsOf(lived).map((ms, i) => Math.abs(ms - (expected[i] ?? Number.NaN))));
};

test(`${PROGRAMS} generated programs are lived as simulated (CAIRN_PARITY_SEED=${SEED})`, {
  timeout: 180_000,
}, async () => {
  const lives = fc.sample(timedLife(await stage.world.now()), { numRuns: PROGRAMS, seed: SEED });
  const pairs: Pair[] = [];
  for (const life of lives) pairs.push(await started(life));

  await liveTogether(pairs);

  for (const { life, journey, simulated } of pairs) {
    const lived = await livedLife(journey);
    const which = `CAIRN_PARITY_SEED=${SEED} ${JSON.stringify(life)}`;
    expect(withoutTimes(lived), which).toEqual(withoutTimes(simulated));
    expect(gapMs(lived.records, simulated.records), which).toBeLessThanOrEqual(TOLERANCE_MS);
    expect(gapMs(lived.messages, simulated.messages), which).toBeLessThanOrEqual(TOLERANCE_MS);
  }
});

const atNight: TimedLife = {
  definition: { v: 1, title: 'Later', steps: [{ type: 'message', key: 'hi', text: 'Hi' }] },
  persona: { timeZone: 'UTC', deliveryPolicy: { quietHours: { from: '00:00', to: '23:59' } } },
};

test('a message that is kept for later goes when it is simulated to go, and is one of that day', async () => {
  const pair = await started(atNight);
  await liveTogether([pair]);
  const lived = await livedLife(pair.journey);
  expect(gapMs(lived.records, pair.simulated.records)).toBeLessThanOrEqual(TOLERANCE_MS);
  expect(gapMs(lived.messages, pair.simulated.messages)).toBeLessThanOrEqual(TOLERANCE_MS);
});
