/** Events of other systems: each enrolls its coachee in the programs that name it, once, and sets off reminders that follow it. */
import { type EntityManager, LockMode } from '@mikro-orm/postgresql';
import type { EnrollmentEventRequest } from '../contracts/enrollment-events.ts';
import { type CreatorId, newId } from '../contracts/ids.ts';
import type { JoinCode } from '../db/entities/channels.ts';
import { EnrollmentEvent } from '../db/entities/enrollment-imports.ts';
import type { Coachee, Enrollment } from '../db/entities/journeys.ts';
import { notFound } from '../errors.ts';
import { coacheeByExternalId, createCoachee, getCoachee } from './coachees.ts';
import { getCohort } from './cohorts.ts';
import { createPersonalCode } from './join-codes.ts';
import { noteAnchor } from './reminder-anchors.ts';
import { enrollOn, enrollOnTags, type NotEnrolled, paceOf } from './triggers.ts';

/** What came of an event; plain JSON, kept with it. */
export interface EventOutcome {
  coacheeId: Coachee['id'];
  enrolled: (Pick<Enrollment, 'programId' | 'programVersion' | 'status'> & {
    enrollmentId: Enrollment['id'];
    cohortId: NonNullable<Enrollment['cohortId']> | null;
    /** The personal code of a coachee who is on no channel yet; `expiresAt` in ISO 8601. */
    joinCode: { code: string; expiresAt: string | null } | null;
  })[];
  refused: NotEnrolled[];
}

export interface TakenEvent {
  outcome: EventOutcome;
  /** It was taken in before. */
  duplicate: boolean;
  /** Made now: the runs of those that are active are to be started once this has committed. */
  enrolled: Enrollment[];
  /** Reminders of the coachee follow it: they are to be told once this has committed. */
  reminds: boolean;
}

/** Takes an event in; call inside a transaction. Throws CairnError `notFound` where there is no such coachee or cohort. */
export const takeEvent = async (
  em: EntityManager,
  creatorId: CreatorId,
  request: EnrollmentEventRequest,
): Promise<TakenEvent> => {
  const eventId = request.id ?? newId<string>();
  const { name, payload } = request;
  // Of two at the same moment the second waits here for the first one's commit.
  const { affectedRows } = await em
    .createQueryBuilder(EnrollmentEvent)
    .insert({ creatorId, eventId, name, payload, outcome: null, createdAt: new Date() })
    .onConflict()
    .ignore()
    .execute('run');
  const row = await em.findOneOrFail(EnrollmentEvent, { eventId }, { lockMode: LockMode.PESSIMISTIC_WRITE });
  if (affectedRows === 0)
    return { outcome: row.outcome as EventOutcome, duplicate: true, enrolled: [], reminds: false };
  const { outcome, enrolled, coachee } = await enrollBy(em, creatorId, request);
  row.outcome = outcome;
  await em.flush();
  const reminds = await noteAnchor(em, coachee, { eventId, event: name }, Date.now());
  return { outcome, duplicate: false, enrolled, reminds };
};

const enrollBy = async (
  em: EntityManager,
  creatorId: CreatorId,
  request: EnrollmentEventRequest,
): Promise<Pick<TakenEvent, 'outcome' | 'enrolled'> & { coachee: Coachee }> => {
  if (request.cohortId) await getCohort(em, request.cohortId);
  const { coachee, isNew } = await coacheeOf(em, creatorId, request);
  const { id: coacheeId } = coachee;
  const test = await paceOf(em, coachee);
  const byEvent = await enrollOn(em, [{ event: request.name }], { coacheeId, test, cohortId: request.cohortId });
  const byTags = isNew ? await enrollOnTags(em, coachee, []) : { enrolled: [] };
  const enrolled = [...byEvent.enrolled, ...byTags.enrolled];
  const told: EventOutcome['enrolled'] = [];
  for (const { id: enrollmentId, programId, programVersion, status, cohortId } of enrolled) {
    const invited = status === 'invited';
    const code = invited ? await createPersonalCode(em, { creatorId, coacheeId, enrollmentId }) : null;
    told.push({ enrollmentId, programId, programVersion, status, cohortId: cohortId ?? null, joinCode: kept(code) });
  }
  return { outcome: { coacheeId, enrolled: told, refused: byEvent.refused }, enrolled, coachee };
};

const kept = (code: JoinCode | null) => code && { code: code.code, expiresAt: code.expiresAt?.toISOString() ?? null };

const coacheeOf = async (
  em: EntityManager,
  creatorId: CreatorId,
  { coacheeId, externalId, coachee }: EnrollmentEventRequest,
): Promise<{ coachee: Coachee; isNew: boolean }> => {
  if (coacheeId) return { coachee: await getCoachee(em, coacheeId), isNew: false };
  const name = externalId ?? coachee?.externalId;
  const known = name === undefined ? null : await coacheeByExternalId(em, name);
  if (known) return { coachee: known, isNew: false };
  if (!coachee) throw notFound('coachee');
  return { coachee: await createCoachee(em, creatorId, coachee), isNew: true };
};
