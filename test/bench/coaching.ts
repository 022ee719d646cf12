/** A creator of the benches, over HTTP as any integrator; only coachees are put in directly, as if each had opened the web chat. */
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type ChannelId,
  type CoacheeId,
  type CreatorId,
  type EnrollmentId,
  type IdentityId,
  type MigrationId,
  newId,
  type ProgramId,
} from '../../shared/contracts/ids.ts';
import type { ProgramDefinitionInput } from '../../shared/contracts/programs.ts';
import { Channel, Delivery, Identity } from '../../shared/db/entities/channels.ts';
import { Coachee } from '../../shared/db/entities/journeys.ts';
import { Migration } from '../../shared/db/entities/migrations.ts';
import { forCreator } from '../../shared/db/orm.ts';
import type { World } from './world.ts';

export interface Coaching {
  token: string;
  /** Publishes a program of these steps. */
  publish(steps: ProgramDefinitionInput['steps']): Promise<ProgramId>;
  /** Publishes the next version of a program. */
  republish(programId: ProgramId, steps: ProgramDefinitionInput['steps']): Promise<void>;
  /** Moves everybody of version `fromVersion` to the next one; resolves when that is done. */
  migrate(programId: ProgramId, fromVersion: number): Promise<void>;
  /** Coachees who are on the web chat already. */
  coachees(count: number): Promise<CoacheeId[]>;
  enroll(programId: ProgramId, coacheeId: CoacheeId): Promise<EnrollmentId>;
  /** Waits until the first message of each is recorded as sent; gives when that was, Unix milliseconds. */
  sentAt(enrollments: EnrollmentId[]): Promise<Map<EnrollmentId, number>>;
}

/** Long enough for a slow machine; a message that takes longer is lost. */
const SENT_WITHIN_MS = 60_000;
const LOOK_EVERY_MS = 100;

export const openCoaching = async (world: World): Promise<Coaching> => {
  const account = { email: `${newId()}@example.org`, password: `bench ${newId()}` };
  const { creator } = await call<{ creator: { id: CreatorId } }>(world, '/v1/auth/register', null, {
    creatorName: 'Bench',
    userName: 'Bench',
    ...account,
  });
  const grant = { grant_type: 'password', username: account.email, password: account.password };
  const { access_token: token } = await call<{ access_token: string }>(world, '/oauth/token', null, grant);
  const em = () => forCreator(world.orm, creator.id);
  const { id: webChannelId } = await em().findOneOrFail(Channel, { kind: 'web' });
  return {
    token,
    publish: async (steps) => {
      const definition: ProgramDefinitionInput = { v: 1, title: 'A program of the benches', steps };
      const { id } = await call<{ id: ProgramId }>(world, '/v1/programs', token, { definition });
      await call(world, `/v1/programs/${id}/publish`, token, {});
      return id;
    },
    republish: async (programId, steps) => {
      const definition: ProgramDefinitionInput = { v: 1, title: 'A program of the benches', steps };
      await call(world, `/v1/programs/${programId}/draft`, token, { definition }, 'PUT');
      await call(world, `/v1/programs/${programId}/publish`, token, {});
    },
    migrate: async (programId, fromVersion) => {
      const pair = { fromVersion, toVersion: fromVersion + 1 };
      const { id } = await call<{ id: MigrationId }>(world, `/v1/programs/${programId}/migrations`, token, pair);
      const lastMs = Date.now() + SENT_WITHIN_MS;
      while ((await em().findOneOrFail(Migration, { id })).status !== 'done') {
        if (Date.now() > lastMs) throw new Error('Not every journey was moved');
        await sleep(LOOK_EVERY_MS / 4);
      }
    },
    coachees: async (count) => {
      const coachees = Array.from({ length: count }, () => coacheeOf(creator.id));
      await em().insertMany(Coachee, coachees);
      await em().insertMany(
        Identity,
        coachees.map(({ id }) => identityOf(creator.id, webChannelId, id)),
      );
      return coachees.map(({ id }) => id);
    },
    enroll: async (programId, coacheeId) => {
      const made = await call<{ enrollment: { id: EnrollmentId } }>(world, '/v1/enrollments', token, {
        programId,
        coacheeId,
      });
      return made.enrollment.id;
    },
    sentAt: async (enrollments) => {
      const lastMs = Date.now() + SENT_WITHIN_MS;
      const sent = { enrollmentId: { $in: enrollments }, status: 'sent' as const };
      while ((await em().count(Delivery, sent)) < enrollments.length) {
        if (Date.now() > lastMs) throw new Error('Not every first message was sent');
        await sleep(LOOK_EVERY_MS);
      }
      const deliveries = await em().find(Delivery, sent);
      return new Map(
        deliveries.flatMap(({ enrollmentId: id, settledAt: at }) => (id && at ? [[id, at.getTime()]] : [])),
      );
    },
  };
};

const coacheeOf = (creatorId: CreatorId) => ({
  id: newId<CoacheeId>(),
  creatorId,
  name: 'Mira',
  timeZone: 'Europe/Berlin',
  traits: {},
  tags: [],
});

const identityOf = (creatorId: CreatorId, channelId: ChannelId, coacheeId: CoacheeId) => {
  const id = newId<IdentityId>();
  return { id, creatorId, channelId, coacheeId, address: id };
};

/** Sends JSON, or for the token endpoint a form. Throws with the problem's own words. */
const call = async <T>(
  world: World,
  path: string,
  token: string | null,
  body: object,
  method: 'POST' | 'PUT' = 'POST',
): Promise<T> => {
  const isForm = path.startsWith('/oauth/');
  const { statusCode, body: answer } = await world.api.request({
    method,
    path,
    headers: {
      'content-type': isForm ? 'application/x-www-form-urlencoded' : 'application/json',
      ...(token && { authorization: `Bearer ${token}` }),
    },
    body: isForm ? new URLSearchParams({ ...body }).toString() : JSON.stringify(body),
  });
  const text = await answer.text();
  if (statusCode >= 300) throw new Error(`${path} answered ${statusCode}: ${text}`);
  return JSON.parse(text) as T;
};
