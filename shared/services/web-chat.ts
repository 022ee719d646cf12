/** The web chat: joining by a link, and the session that a browser keeps. */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { ChannelId, CoacheeId, CreatorId, IdentityId } from '../contracts/ids.ts';
import { creatorOfJoinCode, creatorOfWebSession } from '../db/directory.ts';
import { Creator } from '../db/entities/accounts.ts';
import { Identity, JoinCode } from '../db/entities/channels.ts';
import { Coachee, Enrollment } from '../db/entities/journeys.ts';
import { Program } from '../db/entities/programs.ts';
import { forCreator, type Orm } from '../db/orm.ts';
import { CairnError, notFound } from '../errors.ts';
import { chatChannels } from './channels.ts';
import { createPersonalCode } from './join-codes.ts';
import { type Joined, join } from './joins.ts';
import { digest, newSecret } from './random.ts';

/** A new session token: 256 random bits, base64url. Only its hash is kept. */
export const newSessionToken = (): string => newSecret('');

/** What identities keep of a session token: its SHA-256, hex. */
export const addressOfSession = (token: string): string => digest(token);

/** What a join link shows before anyone joins. */
export interface Invitation {
  /** The creator's web chat: browsers keep one session per place. */
  place: ChannelId;
  creatorName: string;
  /** Null where a personal link only opens the coachee's chat. */
  programTitle: string | null;
  /** For one known person, whose name it is. */
  personName: string | null;
  isTest: boolean;
}

/** Reads the invitation behind a code. Throws `notFound`, and `gone` where it has expired. */
export const readInvitation = async (orm: Orm, code: string): Promise<Invitation> => {
  const { em, creatorId, place } = await openPlace(orm, code);
  const row = await em.findOneOrFail(JoinCode, { code });
  if (row.expiresAt && row.expiresAt.getTime() <= Date.now()) {
    throw new CairnError('gone', 'This link has expired. Please ask for a new one.');
  }
  const person = row.coacheeId ? await em.findOne(Coachee, { id: row.coacheeId }) : null;
  const enrollment = row.enrollmentId ? await em.findOne(Enrollment, { id: row.enrollmentId }) : null;
  const programId = row.programId ?? enrollment?.programId;
  const program = programId ? await em.findOne(Program, { id: programId }) : null;
  const creator = await em.findOneOrFail(Creator, { id: creatorId });
  return {
    place,
    creatorName: creator.name,
    programTitle: program?.title ?? null,
    personName: person?.name ?? null,
    isTest: person?.isTest ?? row.testMsPerDay != null,
  };
};

const openPlace = async (
  orm: Orm,
  code: string,
): Promise<{ em: EntityManager; creatorId: CreatorId; place: ChannelId }> => {
  const creatorId = await creatorOfJoinCode(orm, code);
  if (!creatorId) throw notFound('join code');
  const em = forCreator(orm, creatorId);
  const { web } = await chatChannels(em);
  if (!web) throw notFound('join code');
  return { em, creatorId, place: web };
};

export interface WebJoin {
  code: string;
  name: string;
  timeZone: string;
  /** The browser's session: the one it has at this creator, or one that it has just drawn, so that a repeated request is the same person. */
  token: string;
}

/** Joins by a link in the browser. Throws what `join` throws. */
export const joinWebChat = async (orm: Orm, request: WebJoin): Promise<Joined & { creatorId: CreatorId }> => {
  const { creatorId, em, place } = await openPlace(orm, request.code);
  const { code, name, timeZone, token } = request;
  const address = addressOfSession(token);
  return { ...(await join(em, { creatorId, channelId: place, address, code, name, timeZone })), creatorId };
};

/** A browser's open session. */
export interface WebSession {
  creatorId: CreatorId;
  coacheeId: CoacheeId;
  identityId: IdentityId;
  channelId: ChannelId;
}

/** The session of a token, or null when there is none (any more). */
export const openWebSession = async (orm: Orm, token: string): Promise<WebSession | null> => {
  const address = addressOfSession(token);
  const creatorId = await creatorOfWebSession(orm, address);
  if (!creatorId) return null;
  const em = forCreator(orm, creatorId);
  const { web } = await chatChannels(em);
  const identity = web && (await em.findOne(Identity, { channelId: web, address }));
  return identity && { creatorId, coacheeId: identity.coacheeId, identityId: identity.id, channelId: web };
};

/** What the chat shows around its messages. */
export interface ChatFrame {
  name: string;
  creatorName: string;
  programTitle: string | null;
  isTest: boolean;
  /** Whether there is a Telegram bot that this coachee does not use yet. */
  telegram: boolean;
}

export const describeChat = async (em: EntityManager, { creatorId, coacheeId }: WebSession): Promise<ChatFrame> => {
  const coachee = await em.findOneOrFail(Coachee, { id: coacheeId });
  const creator = await em.findOneOrFail(Creator, { id: creatorId });
  const enrollment = await em.findOne(Enrollment, { coacheeId }, { orderBy: { id: 'desc' } });
  const program = enrollment && (await em.findOne(Program, { id: enrollment.programId }));
  const { telegram } = await chatChannels(em);
  const isThere = telegram && (await em.count(Identity, { coacheeId, channelId: telegram.id })) > 0;
  return {
    name: coachee.name,
    creatorName: creator.name,
    programTitle: program?.title ?? null,
    isTest: coachee.isTest || (enrollment?.isTest ?? false),
    telegram: telegram !== null && !isThere,
  };
};

/** A link that opens the creator's bot as this same coachee; good once, for seven days. Throws `notFound` without a bot. */
export const linkToTelegram = async (em: EntityManager, session: WebSession): Promise<string> => {
  const { telegram } = await chatChannels(em);
  if (!telegram) throw notFound('Telegram channel');
  const { creatorId, coacheeId } = session;
  const { code } = await createPersonalCode(em, { creatorId, coacheeId });
  return `https://t.me/${telegram.settings.botUsername}?start=${code}`;
};
