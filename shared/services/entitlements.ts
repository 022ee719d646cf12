/** What coachees have a right to: granted by hand or by an integrator, read by payment gates and conditions. */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { CoacheeId, CreatorId } from '../contracts/ids.ts';
import { Entitlement } from '../db/entities/journeys.ts';
import { getCoachee } from './coachees.ts';

/** Throws CairnError `notFound` when there is no such coachee. */
export const listEntitlements = async (em: EntityManager, coacheeId: CoacheeId): Promise<Entitlement[]> => {
  await getCoachee(em, coacheeId);
  return em.find(Entitlement, { coacheeId }, { orderBy: { name: 'asc' } });
};

/** Granting once more changes nothing. Throws CairnError `notFound`. */
export const grant = async (
  em: EntityManager,
  { creatorId, coacheeId, name }: { creatorId: CreatorId; coacheeId: CoacheeId; name: string },
): Promise<void> => {
  await getCoachee(em, coacheeId);
  await em.createQueryBuilder(Entitlement).insert({ creatorId, coacheeId, name }).onConflict().ignore().execute();
};

/** Revoking what was never granted changes nothing. Throws CairnError `notFound`. */
export const revoke = async (em: EntityManager, coacheeId: CoacheeId, name: string): Promise<void> => {
  await getCoachee(em, coacheeId);
  await em.nativeDelete(Entitlement, { coacheeId, name });
};
