/** A coachee's days with a habit: as data, and as a picture. */
import type { EntityManager } from '@mikro-orm/postgresql';
import { z } from 'zod';
import { calendarQuery, habitCalendar } from '../../shared/contracts/coachee-habits.ts';
import { type CoacheeId, coacheeId, type HabitId, habitId } from '../../shared/contracts/ids.ts';
import { addDays } from '../../shared/domain/habits/days.ts';
import { habitHeatMap } from '../../shared/domain/habits/heat-map.ts';
import { getStanding } from '../../shared/services/coachee-habits.ts';
import { type Route, reply, route } from '../http/route.ts';
import { policy } from './policy.ts';

const tag = 'habits';
const params = z.object({ id: coacheeId, habitId });
const SVG_TYPE = 'image/svg+xml';
const DEFAULT_DAYS = 84;

export const habitCalendarRoutes = (): Route[] => [
  route({
    method: 'get',
    path: '/v1/coachees/:id/habits/:habitId/calendar',
    tag,
    summary: 'What became of each day with a habit',
    description:
      'The days of the habit from `from` to `to`, the last twelve weeks unless named; days that are to come are not among them.',
    role: policy.read,
    params,
    query: calendarQuery,
    reply: habitCalendar,
    handle: async ({ em, params: given, query }) => {
      const { habit: _, ...calendar } = await calendarOf(em, given, query);
      return reply(calendar);
    },
  }),
  route({
    method: 'get',
    path: '/v1/coachees/:id/habits/:habitId/calendar.svg',
    tag,
    summary: 'The same as a picture: a heat map',
    role: policy.read,
    params,
    query: calendarQuery,
    reply: z.string(),
    produces: [SVG_TYPE],
    handle: async ({ em, params: given, query }) => {
      const { habit, days } = await calendarOf(em, given, query);
      const { title, rules } = habit;
      const unit = rules.measure.kind === 'amount' ? rules.measure.unit : null;
      const text = habitHeatMap({ title, unit, days });
      return reply(text, { text, headers: { 'Content-Type': `${SVG_TYPE}; charset=utf-8` } });
    },
  }),
];

const calendarOf = async (
  em: EntityManager,
  { id, habitId: of }: { id: CoacheeId; habitId: HabitId },
  query: z.output<typeof calendarQuery>,
) => {
  const { habit, today, standing } = await getStanding(em, id, of, Date.now());
  const to = query.to ?? (query.from === undefined ? today : addDays(query.from, DEFAULT_DAYS - 1));
  const from = query.from ?? addDays(to, 1 - DEFAULT_DAYS);
  return { habit, habitId: of, from, to, days: standing.days.filter(({ date }) => date >= from && date <= to) };
};
