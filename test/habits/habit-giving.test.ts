/** What journeys give and take, written down. */
import { afterAll, describe, expect, it } from 'vitest';
import type { EnrollmentId, HabitId } from '../../shared/contracts/ids.ts';
import { newId } from '../../shared/contracts/ids.ts';
import { CoacheeHabit } from '../../shared/db/entities/habits.ts';
import { Coachee } from '../../shared/db/entities/journeys.ts';
import { createOrm } from '../../shared/db/orm.ts';
import { keepHabit } from '../../shared/services/coachee-habits.ts';
import { endHabit, endHabitsOf, giveHabit } from '../../shared/services/habit-giving.ts';
import { testConfig } from '../support/environment.ts';
import { givenCoachee, givenCreator } from '../support/factories.ts';
import { givenHabit } from '../support/habits.ts';

const orm = createOrm({ databaseUrl: testConfig().DATABASE_URL });
afterAll(() => orm.close(true));

const DAY_MS = 86_400_000;
const FIRST_MS = Date.parse('2026-03-02T12:00:00Z');

interface Ways {
  give: (day: number, journey: EnrollmentId, forDays: number | null) => Promise<void>;
  keep: (day: number, endDate?: string) => Promise<void>;
  end: (day: number) => Promise<boolean>;
  over: (day: number, journey: EnrollmentId, status: 'finished' | 'exited') => Promise<boolean>;
  /** `2026-03-02 to 2026-03-04`. */
  span: () => Promise<string>;
  enrollmentId: () => Promise<string | null>;
}

const given = async (): Promise<Ways> => {
  const ada = await givenCreator(orm);
  const { coacheeId } = await givenCoachee(ada, ada.webChannelId);
  const habitId: HabitId = await givenHabit(ada);
  const acting = <T>(act: (em: ReturnType<typeof ada.em>, coachee: Coachee) => Promise<T>) =>
    ada.em().transactional(async (em) => act(em, await em.findOneOrFail(Coachee, { id: coacheeId })));
  const at = (day: number) => FIRST_MS + day * DAY_MS;
  const row = () => ada.em().findOneOrFail(CoacheeHabit, { coacheeId, habitId });
  return {
    give: (day, id, forDays) =>
      acting((em, coachee) =>
        giveHabit(em, { enrollment: { id }, coachee, nowMs: at(day) }, { habit: 'water', forDays }),
      ),
    keep: async (day, endDate) => {
      await acting((em) => keepHabit(em, coacheeId, { habitId, endDate }, at(day)));
    },
    end: (day) =>
      acting((em, coachee) => endHabit(em, { enrollment: { id: newId() }, coachee, nowMs: at(day) }, 'water')),
    over: (day, id, status) =>
      acting((em, coachee) => endHabitsOf(em, { enrollment: { id }, coachee, nowMs: at(day) }, status)),
    span: async () => {
      const { startDate, endDate } = await row();
      return `${startDate} to ${endDate ?? 'ever'}`;
    },
    enrollmentId: async () => (await row()).enrollmentId ?? null,
  };
};

const journey = () => newId<EnrollmentId>();

describe('a habit that is given', () => {
  it('begins today, and is the journey’s', async () => {
    const [ways, id] = [await given(), journey()];
    await ways.give(0, id, 7);
    expect(await ways.span()).toBe('2026-03-02 to 2026-03-08');
    expect(await ways.enrollmentId()).toBe(id);
  });

  it('goes on for as long as any who gave it said', async () => {
    const [ways, first, second] = [await given(), journey(), journey()];
    await ways.give(0, first, 7);
    await ways.give(1, second, 3);
    expect(await ways.span()).toBe('2026-03-02 to 2026-03-08');
    await ways.give(3, second, 30);
    expect(await ways.span()).toBe('2026-03-02 to 2026-04-03');
    await ways.give(4, second, null);
    await ways.give(4, second, 1);
    expect(await ways.span()).toBe('2026-03-02 to ever');
    // It belongs to whoever gave it last.
    expect(await ways.over(5, first, 'exited')).toBe(false);
    expect(await ways.over(5, second, 'exited')).toBe(true);
  });

  it('begins anew once it has ended', async () => {
    const [ways, first, second] = [await given(), journey(), journey()];
    await ways.give(0, first, 2);
    await ways.give(9, second, null);
    expect(await ways.span()).toBe('2026-03-11 to ever');
    expect(await ways.enrollmentId()).toBe(second);
  });

  it('stays with the person who gave it', async () => {
    const [ways, id] = [await given(), journey()];
    await ways.keep(0);
    await ways.give(1, id, 7);
    expect(await ways.span()).toBe('2026-03-02 to ever');
    expect(await ways.over(2, id, 'exited')).toBe(false);
  });

  it('is not the journey’s any more once a person has given it anew', async () => {
    const [ways, id] = [await given(), journey()];
    await ways.give(0, id, null);
    await ways.over(3, id, 'exited');
    await ways.keep(4);
    expect(await ways.enrollmentId()).toBeNull();
  });
});

describe('a habit that is ended', () => {
  it('asks nothing more, not even today; a second time changes nothing', async () => {
    const ways = await given();
    await ways.give(0, journey(), null);
    expect(await ways.end(4)).toBe(true);
    expect(await ways.span()).toBe('2026-03-02 to 2026-03-05');
    expect(await ways.end(4)).toBe(false);
  });

  it('can be given again on the very day', async () => {
    const [ways, id] = [await given(), journey()];
    await ways.give(0, id, null);
    await ways.end(0);
    await ways.give(0, id, 1);
    expect(await ways.span()).toBe('2026-03-02 to 2026-03-02');
  });

  it('keeps the days that it has left where the journey is finished', async () => {
    const [ways, id] = [await given(), journey()];
    await ways.give(0, id, 7);
    expect(await ways.over(2, id, 'finished')).toBe(false);
    expect(await ways.over(2, id, 'exited')).toBe(true);
    expect(await ways.span()).toBe('2026-03-02 to 2026-03-03');
  });
});
