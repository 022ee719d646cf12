/** What is said of coachees' habits. */
import { z } from 'zod';
import {
  checkInPage,
  checkInQuery,
  checkInRequest,
  loggedCheckIn,
  undoneCheckIn,
} from '../../shared/contracts/coachee-habits.ts';
import { checkInId, coacheeId, newId } from '../../shared/contracts/ids.ts';
import { undoCheckIn } from '../../shared/services/check-ins.ts';
import { listCheckIns, reportHabit } from '../../shared/services/habit-reports.ts';
import type { Caller } from '../../shared/services/tokens.ts';
import type { AppParts } from '../app-parts.ts';
import { type Route, reply, route } from '../http/route.ts';
import { policy } from './policy.ts';
import { presentCheckIn, presentStanding } from './presenter.ts';
import { tellOfCoachee } from './tell.ts';

const tag = 'habits';
const params = z.object({ id: coacheeId });
const KNOWN = 200;

export const checkInRoutes = (parts: AppParts): Route[] => [
  route({
    method: 'get',
    path: '/v1/coachees/:id/check-ins',
    tag,
    summary: 'List a coachee’s check-ins, the newest first',
    description: 'Those that were taken back as well; `from` and `to` are days of the habit.',
    role: policy.read,
    params,
    query: checkInQuery,
    reply: checkInPage,
    handle: async ({ em, params: { id }, query }) => {
      const { items, nextCursor } = await listCheckIns(em, id, query);
      return reply({ items: items.map(presentCheckIn), nextCursor });
    },
  }),
  route({
    method: 'post',
    path: '/v1/coachees/:id/check-ins',
    tag,
    summary: 'Check in for a coachee',
    description:
      'With an Idempotency-Key it is logged once, however late the key comes again (then the status is 200). A 422 names `date` where the day is to come, or ' +
      'lies further back than the habit lets days be filled in. Reminders that wait for it are called off.',
    role: policy.coach,
    params,
    body: checkInRequest,
    status: 201,
    reply: loggedCheckIn,
    problems: [409],
    handle: async ({ em, caller, params: { id }, body, request }) => {
      const key = keyOf(caller, id, request.idempotencyKey);
      const logged = await reportHabit(em, id, body, { key, atMs: Date.now() });
      const { checkIn, duplicate, standing, today, concerned } = logged;
      return reply(
        { checkIn: presentCheckIn(checkIn), duplicate, standing: presentStanding(standing, today) },
        {
          ...(duplicate && { status: KNOWN }),
          after: () => tellOfCoachee(parts, { creatorId: caller.creatorId, coacheeId: id }, concerned),
        },
      );
    },
  }),
  route({
    method: 'delete',
    path: '/v1/check-ins/:id',
    tag,
    summary: 'Take a check-in back',
    description: 'It counts for nothing from now on; doing it again changes nothing.',
    role: policy.coach,
    params: z.object({ id: checkInId }),
    reply: undoneCheckIn,
    handle: async ({ em, caller: { creatorId }, params: { id } }) => {
      const { checkIn, standing, today, concerned } = await undoCheckIn(em, id, Date.now());
      const { coacheeId: of } = checkIn;
      return reply(
        { checkIn: presentCheckIn(checkIn), standing: presentStanding(standing, today) },
        { after: () => tellOfCoachee(parts, { creatorId, coacheeId: of }, concerned) },
      );
    },
  }),
];

/** Keys of two callers, or of two coachees, never meet. */
const keyOf = ({ kind, id }: Caller, coachee: string, key: string | null): string =>
  key === null ? `api/${newId<string>()}` : `api/${coachee}/${kind}/${id}/${key}`;
