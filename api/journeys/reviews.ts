/** Texts that wait for a word of the team. */
import { z } from 'zod';
import { reviewId, userId } from '../../shared/contracts/ids.ts';
import { review, reviewDecision, reviewPage, reviewQuery } from '../../shared/contracts/journeys.ts';
import { conflict } from '../../shared/errors.ts';
import { getEnrollment } from '../../shared/services/journeys.ts';
import { getReview, listReviews, signReview } from '../../shared/services/reviews.ts';
import type { AppParts } from '../app-parts.ts';
import { type Route, reply, route } from '../http/route.ts';
import { policy } from './policy.ts';
import { presentReview } from './presenter.ts';
import { startRun } from './start-run.ts';

const tag = 'journeys';
const params = z.object({ id: reviewId });
const NOT_TAKEN_YET = 202;

export const reviewRoutes = (parts: AppParts): Route[] => [
  route({
    method: 'get',
    path: '/v1/reviews',
    tag,
    summary: 'List texts for review, the oldest first',
    role: policy.read,
    query: reviewQuery,
    reply: reviewPage,
    handle: async ({ em, query }) => {
      const { items, nextCursor } = await listReviews(em, query);
      return reply({ items: items.map(presentReview), nextCursor });
    },
  }),
  route({
    method: 'get',
    path: '/v1/reviews/:id',
    tag,
    summary: 'Get a text for review',
    role: policy.read,
    params,
    reply: review,
    handle: async ({ em, params: { id } }) => reply(presentReview(await getReview(em, id))),
  }),
  route({
    method: 'post',
    path: '/v1/reviews/:id/decision',
    tag,
    summary: 'Approve, edit or reject a text',
    description:
      'The first word counts; a 409 tells what became of it where another was faster, the deadline has passed, or the journey is paused. 202: no worker ' +
      'answered in time; the word is kept and taken once one does.',
    role: policy.signal,
    params,
    body: reviewDecision,
    reply: review,
    problems: [409, 503],
    transaction: false,
    handle: async ({ em, caller, params: { id }, body }) => {
      const open = await getReview(em, id);
      if (open.status !== 'open') throw settled(open.status);
      const { enrollmentId, stepKey, occurrence } = open;
      const enrollment = await getEnrollment(em, enrollmentId);
      if (!enrollment.runStartedAt) await startRun(parts, enrollment);
      const { note, ...verdict } = body;
      const event = { type: 'review' as const, id: `${id}/${caller.id}`, stepKey, occurrence, ...verdict };
      const said = await parts.runs.send(enrollmentId, note === undefined ? event : { ...event, note });
      if (said === 'queued' || said === 'early') return reply(presentReview(open), { status: NOT_TAKEN_YET });
      em.clear();
      if (said !== 'accepted' && said !== 'duplicate') throw settled((await getReview(em, id)).status);
      const decidedBy = caller.kind === 'user' ? userId.parse(caller.id) : null;
      return reply(presentReview(await signReview(em, id, { decidedBy, note: note ?? null })));
    },
  }),
];

const settled = (status: string) => conflict('This text is not open for review any more.', { reviewStatus: status });
