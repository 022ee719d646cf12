/** Rows that tests begin with. Each test makes a creator of its own, so tests share one database without meeting. */
import type { EntityManager } from '@mikro-orm/postgresql';
import {
  type ChannelId,
  type CoacheeId,
  type CreatorId,
  type EnrollmentId,
  type IdentityId,
  newId,
  type ProgramId,
  type ProgramVersionId,
} from '../../shared/contracts/ids.ts';
import { programDefinition } from '../../shared/contracts/programs.ts';
import { Creator } from '../../shared/db/entities/accounts.ts';
import { Channel, Identity } from '../../shared/db/entities/channels.ts';
import { Coachee, Enrollment } from '../../shared/db/entities/journeys.ts';
import { Program, ProgramVersion } from '../../shared/db/entities/programs.ts';
import { forCreator, type Orm } from '../../shared/db/orm.ts';
import type { ChannelKind } from '../../shared/domain/channels/deliveries.ts';

export interface GivenCreator {
  creatorId: CreatorId;
  webChannelId: ChannelId;
  /** A fresh EntityManager of this creator. */
  em: () => EntityManager;
}

/** A creator with a web channel. */
export const givenCreator = async (orm: Orm, name = 'Ada Coaching'): Promise<GivenCreator> => {
  const creatorId = newId<CreatorId>();
  const em = () => forCreator(orm, creatorId);
  await em().insert(Creator, { id: creatorId, name });
  const webChannelId = await givenChannel({ creatorId, em }, 'web');
  return { creatorId, webChannelId, em };
};

type Owner = Pick<GivenCreator, 'creatorId' | 'em'>;

/** A channel of any kind; `secret` is sealed already. */
export const givenChannel = async (
  { creatorId, em }: Owner,
  kind: ChannelKind,
  more: { secret?: string; settings?: Record<string, string> } = {},
): Promise<ChannelId> => {
  const id = newId<ChannelId>();
  await em().insert(Channel, {
    id,
    creatorId,
    kind,
    name: kind,
    settings: more.settings ?? {},
    secret: more.secret ?? null,
  });
  return id;
};

/** A published program, version 1, of the given steps. */
export const givenProgram = async ({ creatorId, em }: Owner, definition: object) => {
  const parsed = programDefinition.parse({ v: 1, title: 'A test program', ...definition });
  const programId = newId<ProgramId>();
  const programVersionId = newId<ProgramVersionId>();
  await em().insert(Program, {
    id: programId,
    creatorId,
    title: parsed.title,
    draft: parsed,
    draftRevision: 1,
    publishedVersion: 1,
  });
  await em().insert(ProgramVersion, { id: programVersionId, creatorId, programId, version: 1, definition: parsed });
  return { programId, programVersionId, programVersion: 1, definition: parsed };
};

export interface GivenCoachee {
  coacheeId: CoacheeId;
  identityId: IdentityId;
}

/** A coachee who can be reached on `channelId`. */
export const givenCoachee = async (
  { creatorId, em }: Owner,
  channelId: ChannelId,
  more: { name?: string; timeZone?: string; address?: string; isTest?: boolean } = {},
): Promise<GivenCoachee> => {
  const coacheeId = newId<CoacheeId>();
  const identityId = newId<IdentityId>();
  await em().insert(Coachee, {
    id: coacheeId,
    creatorId,
    name: more.name ?? 'Mira',
    timeZone: more.timeZone ?? 'Europe/Berlin',
    traits: {},
    tags: [],
    isTest: more.isTest ?? false,
  });
  await em().insert(Identity, { id: identityId, creatorId, channelId, coacheeId, address: more.address ?? identityId });
  return { coacheeId, identityId };
};

/** An active enrollment whose journey has not been started. */
export const givenEnrollment = async (
  { creatorId, em }: Owner,
  program: Pick<Enrollment, 'programId' | 'programVersionId' | 'programVersion'>,
  coacheeId: CoacheeId,
  more: { testMsPerDay?: number } = {},
): Promise<EnrollmentId> => {
  const id = newId<EnrollmentId>();
  const { programId, programVersionId, programVersion } = program;
  await em().insert(Enrollment, {
    id,
    creatorId,
    programId,
    programVersionId,
    programVersion,
    coacheeId,
    status: 'active',
    isTest: more.testMsPerDay !== undefined,
    testMsPerDay: more.testMsPerDay ?? null,
  });
  return id;
};
