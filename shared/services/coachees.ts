/** Coachees of a creator. */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Page, PageQuery } from '../contracts/http.ts';
import { type CoacheeId, type CreatorId, newId } from '../contracts/ids.ts';
import type { ChangeCoacheeRequest, CreateCoacheeRequest } from '../contracts/journeys.ts';
import { Coachee } from '../db/entities/journeys.ts';
import { conflict, invalid, notFound } from '../errors.ts';
import { idAfter, toPage } from './paging.ts';

/** Traits that one coachee may have, those that programs set included. */
const TRAITS_MAX = 200;

/** A page of coachees, the newest first; those made for tests only when asked for. */
export const listCoachees = async (
  em: EntityManager,
  { limit, cursor, externalId, includeTests }: PageQuery & { externalId?: string | undefined; includeTests: boolean },
): Promise<Page<Coachee>> => {
  const before = idAfter<CoacheeId>(cursor);
  const where = {
    ...(before && { id: { $lt: before } }),
    ...(externalId !== undefined && { externalId }),
    ...(!includeTests && { isTest: false }),
  };
  const coachees = await em.find(Coachee, where, { orderBy: { id: 'desc' }, limit: limit + 1 });
  return toPage(coachees, limit, ({ id }) => [id]);
};

/** Throws CairnError `notFound`. */
export const getCoachee = async (em: EntityManager, id: CoacheeId): Promise<Coachee> => {
  const coachee = await em.findOne(Coachee, { id });
  if (!coachee) throw notFound('coachee');
  return coachee;
};

/** The coachee whom the creator's own systems call so, or null. */
export const coacheeByExternalId = (em: EntityManager, externalId: string): Promise<Coachee | null> =>
  em.findOne(Coachee, { externalId });

/** Makes a coachee, who is on no channel yet. Throws CairnError `conflict` (with `coacheeId`) when another has that externalId. */
export const createCoachee = async (
  em: EntityManager,
  creatorId: CreatorId,
  { name, timeZone, externalId, traits, tags, language, deliveryPolicy }: CreateCoacheeRequest,
  isTest = false,
): Promise<Coachee> => {
  const known = externalId === undefined ? null : await coacheeByExternalId(em, externalId);
  if (known) throw conflict('Another coachee has this externalId.', { coacheeId: known.id });
  const coachee = em.create(Coachee, {
    id: newId<CoacheeId>(),
    creatorId,
    externalId: externalId ?? null,
    name,
    timeZone,
    language: language ?? null,
    deliveryPolicy: deliveryPolicy ?? null,
    traits,
    tags: [...new Set(tags)],
    isTest,
    createdAt: new Date(),
  });
  await em.flush();
  return coachee;
};

/**
 * Changes what is given. Traits are merged, a null takes one away (RFC 7396); tags are replaced as a whole.
 * A journey sees the change with its next decision. Throws CairnError `notFound`, and `invalid` when there are too many traits.
 */
export const changeCoachee = async (
  em: EntityManager,
  id: CoacheeId,
  change: ChangeCoacheeRequest,
): Promise<Coachee> => {
  const coachee = await getCoachee(em, id);
  const { name = coachee.name, timeZone = coachee.timeZone, traits = {}, tags = coachee.tags } = change;
  const merged = Object.entries({ ...coachee.traits, ...traits }).flatMap(([trait, value]) =>
    value === null ? [] : [[trait, value] as const],
  );
  if (merged.length > TRAITS_MAX) {
    throw invalid('Too many traits.', [{ path: 'traits', message: `At most ${TRAITS_MAX} traits` }]);
  }
  const { language = coachee.language ?? null, deliveryPolicy = coachee.deliveryPolicy ?? null } = change;
  Object.assign(coachee, { language, deliveryPolicy });
  Object.assign(coachee, { name, timeZone, traits: Object.fromEntries(merged), tags: [...new Set(tags)] });
  await em.flush();
  return coachee;
};
