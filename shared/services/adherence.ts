/** How much of what was asked was done, summed over people. */
import type { EntityManager } from '@mikro-orm/postgresql';
import { z } from 'zod';
import type { AdherenceQuery } from '../contracts/coachee-habits.ts';
import type { Page } from '../contracts/http.ts';
import { addDays } from '../domain/habits/days.ts';
import { decodeCursor, toPage } from './paging.ts';

export interface AdherenceOf {
  /** Id of the habit, coachee, program or cohort. */
  key: string;
  done: number;
  counted: number;
}

const DEFAULT_DAYS = 30;
const cursorShape = z.tuple([z.uuid()]);

const KEYS = { habit: 'd.habit_id', coachee: 'd.coachee_id', program: 'e.program_id', cohort: 'e.cohort_id' };

/**
 * A page of sums, ordered by key, over days of `from` to `to` (the last 30 unless named). Tests are left out. People of a program or cohort are those who
 * were in it at some time of that range (by the UTC calendar); whoever was in it twice counts once.
 */
export const adherence = async (
  em: EntityManager,
  query: AdherenceQuery,
  nowMs: number,
): Promise<Page<AdherenceOf>> => {
  const { limit, cursor, habitId = null, coacheeId = null, programId = null, cohortId = null, groupBy } = query;
  const { from, to } = rangeOf(query, nowMs);
  const after = cursor === undefined ? null : decodeCursor(cursor, cursorShape)[0];
  const byPeople = groupBy === 'program' || groupBy === 'cohort' || programId !== null || cohortId !== null;
  const rows = await em.execute<AdherenceOf[]>(
    `select ${KEYS[groupBy]} as key, count(*) filter (where d.status = 'done')::int as done, count(*)::int as counted
     from habit_days d join coachees c on c.id = d.coachee_id and not c.is_test ${byPeople ? peopleOf(groupBy) : ''}
     where d.date between :from and :to and d.status in ('done', 'missed', 'partial', 'frozen')
       ${habitId === null ? '' : 'and d.habit_id = :habitId'} ${coacheeId === null ? '' : 'and d.coachee_id = :coacheeId'}
       ${after === null ? '' : `and ${KEYS[groupBy]} > :after`}
     group by 1 order by 1 limit :most`,
    { from, to, habitId, coacheeId, programId, cohortId, after, most: limit + 1 },
  );
  return toPage(rows, limit, ({ key }) => [key]);
};

/** Each coachee once per group, however often they were enrolled. */
const peopleOf = (groupBy: AdherenceQuery['groupBy']): string => {
  const group = groupBy === 'program' || groupBy === 'cohort' ? `, ${groupBy}_id` : '';
  return `join (
      select distinct coachee_id${group} from enrollments
      where not is_test and status <> 'invited' and created_at < (:to::date + 1) and (ended_at is null or ended_at >= :from::date)
        and (:programId::uuid is null or program_id = :programId) and (:cohortId::uuid is null or cohort_id = :cohortId)
        ${groupBy === 'cohort' ? 'and cohort_id is not null' : ''}
    ) e on e.coachee_id = d.coachee_id`;
};

const rangeOf = ({ from, to }: AdherenceQuery, nowMs: number): { from: string; to: string } => {
  const last = to ?? (from === undefined ? dateOf(nowMs) : addDays(from, DEFAULT_DAYS - 1));
  return { from: from ?? addDays(last, 1 - DEFAULT_DAYS), to: last };
};

const dateOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
