/** Joining: a code that was opened on a channel becomes a coachee, an address of theirs, and an enrollment. */
import { LockMode } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import {
  type ChannelId,
  type CoacheeId,
  type CreatorId,
  type EnrollmentId,
  type IdentityId,
  newId,
} from '../contracts/ids.ts';
import { Identity, JoinCode, JoinCodeUse } from '../db/entities/channels.ts';
import { Coachee, Enrollment } from '../db/entities/journeys.ts';
import { CairnError, conflict, notFound } from '../errors.ts';
import { enroll } from './journeys.ts';

export interface JoinRequest {
  creatorId: CreatorId;
  channelId: ChannelId;
  /** As identities keep it: a Telegram chat id, the SHA-256 of a web session's token. */
  address: string;
  code: string;
  /** What a new coachee is called; one who is known keeps their name, unless this is their first channel. */
  name: string | null;
  /** IANA name, for a new coachee. */
  timeZone: string | null;
}

export interface Joined {
  coacheeId: CoacheeId;
  identityId: IdentityId;
  /** The enrollment that the code stands for; null where a personal code only adds a channel. */
  enrollmentId: EnrollmentId | null;
  /** Whether the enrollment's run is still to be started. */
  toStart: boolean;
  /** `joined` a program now, `linked` one more channel, or `alreadyIn`: nothing changed. */
  outcome: 'joined' | 'linked' | 'alreadyIn';
}

const FALLBACK_ZONE = 'UTC';

/**
 * Opens a code on a channel, in one transaction; done twice, or at the same moment, it is done once. `em` is bound to the creator, so that
 * another creator's code is not there.
 * @throws CairnError `notFound` (no such code), `gone` (expired or used up), `conflict` (with `addressTaken`: the address is another coachee's;
 * with `cohortRefusal` or `possibleFrom`: they are not let in; else: the program is not published).
 */
export const join = (em: EntityManager, request: JoinRequest): Promise<Joined> =>
  em.transactional(async (tx) => {
    await lockAddress(tx, request);
    const code = await tx.findOne(JoinCode, { code: request.code });
    if (!code) throw notFound('join code');
    if (code.expiresAt && code.expiresAt.getTime() <= Date.now()) {
      throw new CairnError('gone', 'This link has expired. Please ask for a new one.');
    }
    const identity = await tx.findOne(Identity, { channelId: request.channelId, address: request.address });
    if (identity) Object.assign(identity, { blockedAt: null, lastInboundAt: new Date() });
    return code.coacheeId
      ? openPersonalCode(tx, request, code, code.coacheeId, identity)
      : openProgramCode(tx, request, code, identity);
  });

/** Holds an address for the rest of the transaction: whoever wants it as well waits, and finds it taken. */
export const lockAddress = (em: EntityManager, { channelId, address }: Pick<JoinRequest, 'channelId' | 'address'>) =>
  em.execute('select pg_advisory_xact_lock(hashtextextended(?, 0))', [`join/${channelId}/${address}`]);

const addIdentity = (em: EntityManager, request: JoinRequest, coacheeId: CoacheeId): Identity => {
  const { creatorId, channelId, address } = request;
  // Opening a link counts as writing: messages go to the channel that was used last.
  return em.create(Identity, {
    id: newId<IdentityId>(),
    creatorId,
    channelId,
    coacheeId,
    address,
    lastInboundAt: new Date(),
  });
};

const openProgramCode = async (
  em: EntityManager,
  request: JoinRequest,
  code: JoinCode,
  known: Identity | null,
): Promise<Joined> => {
  const { programId, cohortId, testMsPerDay } = code;
  if (!programId) throw notFound('join code');
  const identity = known ?? addIdentity(em, request, addCoachee(em, request, testMsPerDay != null).id);
  const { coacheeId, id: identityId } = identity;
  const live = await em.findOne(Enrollment, { programId, coacheeId, endedAt: null });
  await em.flush();
  if (live) return { ...whatIs(live), coacheeId, identityId, outcome: 'alreadyIn' };
  const enrollment = await enroll(em, {
    programId,
    coacheeId,
    cohortId,
    test: testMsPerDay == null ? null : { msPerDay: testMsPerDay },
  });
  return { ...whatIs(enrollment), coacheeId, identityId, outcome: 'joined' };
};

const addCoachee = (em: EntityManager, request: JoinRequest, isTest: boolean): Coachee =>
  em.create(Coachee, {
    id: newId<CoacheeId>(),
    creatorId: request.creatorId,
    name: request.name ?? '',
    timeZone: request.timeZone ?? FALLBACK_ZONE,
    traits: {},
    tags: [],
    isTest,
  });

const openPersonalCode = async (
  em: EntityManager,
  request: JoinRequest,
  code: JoinCode,
  coacheeId: CoacheeId,
  known: Identity | null,
): Promise<Joined> => {
  if (known && known.coacheeId !== coacheeId) {
    throw conflict('This chat already belongs to someone else’s program here.', { addressTaken: true });
  }
  const identity = known ?? (await linkAddress(em, request, code, coacheeId));
  const enrollment = code.enrollmentId && (await activate(em, code.enrollmentId));
  await em.flush();
  const outcome = enrollment?.activated ? 'joined' : known ? 'alreadyIn' : 'linked';
  const ref = { coacheeId, identityId: identity.id, outcome } as const;
  return enrollment ? { ...whatIs(enrollment.row), ...ref } : { enrollmentId: null, toStart: false, ...ref };
};

/** Ties the address to the coachee; a code that opened this channel for another address is used up. */
const linkAddress = async (
  em: EntityManager,
  request: JoinRequest,
  { code }: JoinCode,
  coacheeId: CoacheeId,
): Promise<Identity> => {
  await em.findOneOrFail(JoinCode, { code }, { lockMode: LockMode.PESSIMISTIC_WRITE });
  const { channelId, creatorId } = request;
  if (await em.findOne(JoinCodeUse, { code, channelId })) {
    throw new CairnError('gone', 'This personal link was used already. Please ask for a new one.');
  }
  const isFirst = (await em.count(Identity, { coacheeId })) === 0;
  const coachee = await em.findOne(Coachee, { id: coacheeId });
  if (!coachee) throw notFound('join code');
  if (isFirst) {
    coachee.name = request.name ?? coachee.name;
    coachee.timeZone = request.timeZone ?? coachee.timeZone;
  }
  const identity = addIdentity(em, request, coacheeId);
  em.create(JoinCodeUse, { code, channelId, creatorId, identityId: identity.id });
  return identity;
};

const activate = async (em: EntityManager, id: EnrollmentId) => {
  const row = await em.findOne(Enrollment, { id }, { lockMode: LockMode.PESSIMISTIC_WRITE });
  if (!row) return null;
  const activated = row.status === 'invited';
  if (activated) row.status = 'active';
  return { row, activated };
};

/** An active enrollment without a confirmed run is to be started: the join before may have died in between. */
const whatIs = (enrollment: Enrollment) => ({
  enrollmentId: enrollment.id,
  toStart: enrollment.status === 'active' && !enrollment.runStartedAt,
});
