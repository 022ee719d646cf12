/** Where a journey stands, and every decision that led there. */
import { z } from 'zod';
import { pageQuery } from '../../shared/contracts/http.ts';
import { enrollmentId } from '../../shared/contracts/ids.ts';
import { progress, timelinePage } from '../../shared/contracts/journeys.ts';
import type { Enrollment } from '../../shared/db/entities/journeys.ts';
import { CairnError } from '../../shared/errors.ts';
import { getEnrollment } from '../../shared/services/journeys.ts';
import { timelineOf } from '../../shared/services/timeline.ts';
import type { AppParts } from '../app-parts.ts';
import { type Route, reply, route } from '../http/route.ts';
import { policy } from './policy.ts';
import { presentTimelineEntry } from './presenter.ts';

const tag = 'journeys';
const params = z.object({ id: enrollmentId });

export const timelineRoutes = ({ runs }: AppParts): Route[] => [
  route({
    method: 'get',
    path: '/v1/enrollments/:id/timeline',
    tag,
    summary: 'Every decision of a journey, the oldest first',
    description: 'With why something was not sent (`notSent`, `ambiguous`) and what was refused (`ignored`).',
    role: policy.read,
    params,
    query: pageQuery,
    reply: timelinePage,
    handle: async ({ em, params: { id }, query }) => {
      const { items, nextCursor } = await timelineOf(em, id, query);
      return reply({ items: items.map(presentTimelineEntry), nextCursor });
    },
  }),
  route({
    method: 'get',
    path: '/v1/enrollments/:id/progress',
    tag,
    summary: 'What a journey does now, from its run',
    role: policy.read,
    params,
    reply: progress,
    problems: [503],
    transaction: false,
    handle: async ({ em, params: { id } }) => {
      const enrollment = await getEnrollment(em, id);
      if (enrollment.endedAt || enrollment.status === 'invited') return reply(fromRow(enrollment));
      try {
        return reply(await runs.progress(id));
      } catch (error) {
        if (error instanceof CairnError && error.type === 'notFound') return reply(fromRow(enrollment));
        throw error;
      }
    },
  }),
];

/** Before there is a run, and once its history may be gone. */
const fromRow = (enrollment: Enrollment): z.input<typeof progress> => ({
  status: enrollment.status === 'active' ? 'starting' : enrollment.status,
  stepKey: enrollment.stepKey ?? null,
  awaitingReply: false,
  doing: DOING[enrollment.status],
  dueAt: null,
  parkedReason: enrollment.parkedReason ?? null,
});

const DOING: Record<Enrollment['status'], string> = {
  invited: 'Waits for the coachee to open a channel',
  active: 'Is about to start',
  paused: 'Is about to start',
  parked: 'Is about to start',
  finished: 'Has finished',
  exited: 'Has been left',
};
