/** A fixed cohort's journeys begin on its day, each by its coachee's own clock. */
import { describe, expect, test } from 'vitest';
import { type CohortId, newId } from '../../shared/contracts/ids.ts';
import { Cohort } from '../../shared/db/entities/cohorts.ts';
import { Enrollment, TimelineEntry } from '../../shared/db/entities/journeys.ts';
import type { JourneyProgress } from '../../shared/domain/journeys/run.ts';
import { changeCohort } from '../../shared/services/cohorts.ts';
import { startOf } from '../../shared/services/journeys.ts';
import { journeyId } from '../../temporal/ids.ts';
import { nudgeJourney, startJourney } from '../../temporal/start/journeys.ts';
import { type GivenCreator, givenCoachee, givenCreator, givenEnrollment, givenProgram } from '../support/factories.ts';
import { givenStage } from '../support/stage.ts';
import { says } from '../support/steps.ts';

const stage = givenStage();
const DAY_MS = 86_400_000;
const dayAfter = async (days: number) => new Date((await stage.world.now()) + days * DAY_MS).toISOString().slice(0, 10);

const givenCohort = async (owner: GivenCreator, startsOn: string) => {
  const { creatorId, em } = owner;
  const program = await givenProgram(owner, { steps: [says('hello')] });
  const cohortId = newId<CohortId>();
  const start = { kind: 'fixed' as const, startsOn, startsAt: '09:30' };
  await em().insert(Cohort, { id: cohortId, creatorId, programId: program.programId, name: 'Spring', ...start });
  return { program, cohortId };
};

/** A journey in the cohort, started now. */
const begin = async (
  owner: GivenCreator,
  { program, cohortId }: Awaited<ReturnType<typeof givenCohort>>,
  timeZone: string,
) => {
  const { coacheeId } = await givenCoachee(owner, owner.webChannelId, { timeZone });
  const id = await givenEnrollment(owner, program, coacheeId);
  await owner.em().nativeUpdate(Enrollment, { id }, { cohortId });
  await startJourney(stage.world.client, await startOf(owner.em(), id));
  const handle = stage.world.client.workflow.getHandle(journeyId(id));
  return {
    handle,
    /** `kind localTime` of each line. */
    timeline: async () => {
      const rows = await owner.em().find(TimelineEntry, { enrollmentId: id }, { orderBy: { id: 'asc' } });
      return rows.map(({ kind, localTime }) => `${kind} ${localTime.slice(4, 20)}`);
    },
  };
};

describe('a fixed cohort', () => {
  test('begins at its local time in each time zone; the run is there at once', async () => {
    const owner = await givenCreator(stage.orm);
    const startsOn = await dayAfter(4);
    const cohort = await givenCohort(owner, startsOn);
    for (const timeZone of ['Asia/Tokyo', 'America/New_York']) {
      const { handle, timeline } = await begin(owner, cohort, timeZone);
      const { status, doing } = await handle.query<JourneyProgress>('progress');
      expect({ status, doing }).toEqual({ status: 'active', doing: expect.stringContaining(`${startsOn}T09:30:00`) });
      await handle.result();
      expect((await timeline()).find((line) => line.startsWith('entered'))).toBe(`entered ${startsOn}T09:30`);
      expect((await timeline())[0]).not.toContain(startsOn);
    }
  });

  test('whose start is moved takes those along who wait for it', async () => {
    const owner = await givenCreator(stage.orm);
    const startsOn = await dayAfter(4);
    const cohort = await givenCohort(owner, startsOn);
    const { handle, timeline } = await begin(owner, cohort, 'Europe/Berlin');
    await handle.query('progress');
    const later = await dayAfter(9);
    const { concerned } = await owner
      .em()
      .transactional((tx) => changeCohort(tx, cohort.cohortId, { startsOn: later, startsAt: '07:15' }));
    for (const id of concerned) await nudgeJourney(stage.world.client, id);
    expect(concerned).toHaveLength(1);
    await handle.result();
    const lines = await timeline();
    expect(lines.filter((line) => line.startsWith('started'))).toHaveLength(1);
    expect(lines.find((line) => line.startsWith('entered'))).toBe(`entered ${later}T07:15`);
  });

  test('that has started lets a latecomer begin at once', async () => {
    const owner = await givenCreator(stage.orm);
    const { handle, timeline } = await begin(owner, await givenCohort(owner, await dayAfter(-3)), 'UTC');
    await handle.result();
    const [first, second] = await timeline();
    expect(second?.split(' ')[1]).toBe(first?.split(' ')[1]);
  });
});
