/** Sums of days over habits, people, programs and cohorts, worked out by hand. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CoacheeId, type CohortId, type HabitId, newId, type ProgramId } from '../../shared/contracts/ids.ts';
import { Cohort } from '../../shared/db/entities/cohorts.ts';
import { HabitDay } from '../../shared/db/entities/habits.ts';
import { Enrollment } from '../../shared/db/entities/journeys.ts';
import type { DayStatus } from '../../shared/domain/habits/evaluate.ts';
import { givenCaller } from '../support/api.ts';
import { givenEnrollment, givenProgram } from '../support/factories.ts';
import { givenMiddayCoachee, type HabitApi, startHabitApi } from '../support/habit-api.ts';
import { givenHabit } from '../support/habits.ts';

let world: HabitApi;
let water: HabitId;
let walk: HabitId;
let programId: ProgramId;
let cohortId: CohortId;
let people: Record<'ann' | 'ben' | 'cleo' | 'dora' | 'eli', CoacheeId>;

beforeAll(async () => {
  world = await startHabitApi();
  const { ada } = world;
  water = await givenHabit(ada, { name: 'water' });
  walk = await givenHabit(ada, { name: 'walk' });
  const program = await givenProgram(ada, { steps: [{ key: 'hello', type: 'message', text: 'Hello' }] });
  programId = program.programId;
  cohortId = newId<CohortId>();
  await ada.em().insert(Cohort, { id: cohortId, creatorId: ada.creatorId, programId, name: 'A', kind: 'rolling' });
  people = {
    ann: await givenMiddayCoachee(ada),
    ben: await givenMiddayCoachee(ada),
    cleo: await givenMiddayCoachee(ada),
    dora: await givenMiddayCoachee(ada, { isTest: true }),
    eli: await givenMiddayCoachee(ada),
  };
  const enroll = async (coacheeId: CoacheeId, from: string, to: string | null, cohort: CohortId | null = null) => {
    const id = await givenEnrollment(ada, program, coacheeId);
    const at = (date: string) => new Date(`${date}T12:00:00Z`);
    const ended = to === null ? {} : { endedAt: at(to), status: 'finished' as const };
    await ada.em().nativeUpdate(Enrollment, { id }, { createdAt: at(from), cohortId: cohort, ...ended });
  };
  // Ann twice, Ben in the cohort, Cleo nowhere, Dora for a test; Eli was out before March.
  await enroll(people.ann, '2026-02-01', '2026-03-02');
  await enroll(people.ann, '2026-03-05', null);
  await enroll(people.ben, '2026-03-10', null, cohortId);
  await enroll(people.dora, '2026-03-01', null, cohortId);
  await enroll(people.eli, '2026-01-01', '2026-02-27', cohortId);
  await days(people.ann, water, '2026-03-01', [
    'done',
    'done',
    'missed',
    'skipped',
    'frozen',
    'done',
    'excused',
    'rest',
  ]);
  await days(people.ben, water, '2026-03-01', ['partial', 'done', 'vacation', 'notDue']);
  await days(people.cleo, water, '2026-03-01', ['done', 'done', 'done', 'done']);
  await days(people.dora, water, '2026-03-01', ['done', 'done', 'done', 'done', 'done']);
  await days(people.eli, water, '2026-03-01', ['done', 'done']);
  await days(people.ann, walk, '2026-03-01', ['missed', 'skipped', 'missed', 'done']);
  await days(people.ann, walk, '2026-04-01', ['done', 'done']);
});
afterAll(() => world.api.close());

const days = async (coacheeId: CoacheeId, habitId: HabitId, from: string, statuses: DayStatus[]) => {
  const { creatorId, em } = world.ada;
  const date = (i: number) => `${from.slice(0, 8)}${String(Number(from.slice(8)) + i).padStart(2, '0')}`;
  const rows = statuses.map((status, i) => ({
    ...{ coacheeId, habitId, creatorId, date: date(i), status, progress: status === 'done' ? 1 : 0, amount: 0 },
  }));
  await em().insertMany(HabitDay, rows);
};

const MARCH = 'from=2026-03-01&to=2026-03-31';
const sums = async (query: string, caller = world.ada) => {
  const { status, body } = await caller.call('GET', `/v1/adherence?${query}`);
  expect(status, JSON.stringify(body)).toBe(200);
  return Object.fromEntries(
    body.items.map((one: { key: string; done: number; counted: number; adherence: number }) => {
      expect(one.adherence).toBe(one.done / one.counted);
      return [one.key, `${one.done}/${one.counted}`];
    }),
  );
};

describe('adherence', () => {
  test('by habit counts what was asked, of everyone but tests', async () => {
    // Water: Ann 3 of 5, Ben 1 of 2, Cleo 4 of 4, Eli 2 of 2. Walk: Ann 1 of 3.
    expect(await sums(MARCH)).toEqual({ [water]: '10/13', [walk]: '1/3' });
    expect(await sums(`${MARCH}&habitId=${walk}`)).toEqual({ [walk]: '1/3' });
    expect(await sums('from=2026-03-04&to=2026-04-01')).toEqual({ [water]: '2/3', [walk]: '2/2' });
  });

  test('by coachee joins their habits', async () => {
    const { ann, ben, cleo, eli } = people;
    expect(await sums(`${MARCH}&groupBy=coachee`)).toEqual({
      ...{ [ann]: '4/8', [ben]: '1/2', [cleo]: '4/4', [eli]: '2/2' },
    });
    expect(await sums(`${MARCH}&groupBy=coachee&programId=${programId}`)).toEqual({ [ann]: '4/8', [ben]: '1/2' });
    expect(await sums(`${MARCH}&coacheeId=${ann}`)).toEqual({ [water]: '3/5', [walk]: '1/3' });
  });

  test('by program takes whoever was in it then, each once; by cohort those of the cohort', async () => {
    // Water of Ann 3 of 5 and Ben 1 of 2, walk of Ann 1 of 3.
    expect(await sums(`${MARCH}&groupBy=program`)).toEqual({ [programId]: '5/10' });
    expect(await sums(`${MARCH}&groupBy=cohort`)).toEqual({ [cohortId]: '1/2' });
    expect(await sums(`${MARCH}&cohortId=${cohortId}`)).toEqual({ [water]: '1/2' });
    expect(await sums(`${MARCH}&programId=${programId}&habitId=${water}`)).toEqual({ [water]: '4/7' });
    expect(await sums(`${MARCH}&programId=${crypto.randomUUID()}`)).toEqual({});
  });

  test('comes page by page', async () => {
    const first = await world.ada.call('GET', `/v1/adherence?${MARCH}&groupBy=coachee&limit=3`);
    const { nextCursor, items } = first.body;
    const second = await world.ada.call('GET', `/v1/adherence?${MARCH}&groupBy=coachee&limit=3&cursor=${nextCursor}`);
    const keys = [...items, ...second.body.items].map(({ key }: { key: string }) => key);
    const { ann, ben, cleo, eli } = people;
    expect(keys).toEqual([ann, ben, cleo, eli].sort());
    expect(second.body.nextCursor).toBeNull();
  });

  test('is each creator’s own, and of a range the right way round', async () => {
    expect(await sums(MARCH, await givenCaller(world.api))).toEqual({});
    const wrong = await world.ada.call('GET', '/v1/adherence?from=2026-03-02&to=2026-03-01');
    expect(wrong).toMatchObject({ status: 422, body: { errors: [{ path: 'query.to' }] } });
  });
});
