/** Texts that journeys hold back until somebody of the team has looked at them. */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Page } from '../contracts/http.ts';
import type { ReviewId, UserId } from '../contracts/ids.ts';
import type { ReviewQuery } from '../contracts/journeys.ts';
import { Review } from '../db/entities/journeys.ts';
import { notFound } from '../errors.ts';
import { idAfter, toPage } from './paging.ts';

/** A page of reviews, the oldest first: whoever has waited longest is looked at first. */
export const listReviews = async (em: EntityManager, { limit, cursor, status }: ReviewQuery): Promise<Page<Review>> => {
  const after = idAfter<ReviewId>(cursor);
  const where = { ...(after && { id: { $gt: after } }), ...(status && { status }) };
  const reviews = await em.find(Review, where, { orderBy: { id: 'asc' }, limit: limit + 1 });
  return toPage(reviews, limit, ({ id }) => [id]);
};

/** Throws CairnError `notFound`. */
export const getReview = async (em: EntityManager, id: ReviewId): Promise<Review> => {
  const review = await em.findOne(Review, { id });
  if (!review) throw notFound('review');
  return review;
};

/** Notes whose word it was that the journey took, and what they said to it. */
export const signReview = async (
  em: EntityManager,
  id: ReviewId,
  { decidedBy, note }: { decidedBy: UserId | null; note: string | null },
): Promise<Review> => {
  await em.nativeUpdate(Review, { id }, { decidedBy, note });
  em.clear();
  return getReview(em, id);
};
