/** Registration, who am I, passwords. */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { z } from 'zod';
import { changePasswordRequest, me, registerRequest, registration } from '../../shared/contracts/accounts.ts';
import { membershipsOf } from '../../shared/db/directory.ts';
import { ApiKey, Creator, User } from '../../shared/db/entities/accounts.ts';
import { CairnError } from '../../shared/errors.ts';
import { changePassword, register } from '../../shared/services/accounts.ts';
import type { Caller } from '../../shared/services/tokens.ts';
import type { AppParts } from '../app-parts.ts';
import { publicRoute, type Route, reply, route } from '../http/route.ts';

export const accountRoutes = ({ orm }: AppParts): Route[] => [
  publicRoute({
    method: 'post',
    path: '/v1/auth/register',
    tag: 'accounts',
    summary: 'Register a creator with its first user, the owner',
    description: 'Also opens the creator’s web chat.',
    body: registerRequest,
    status: 201,
    reply: registration,
    problems: [409],
    limit: 'signIn',
    handle: async ({ body }) => {
      const { creatorId, userId } = await register(orm, body);
      return reply({
        creator: { id: creatorId, name: body.creatorName },
        user: { id: userId, name: body.userName, email: body.email },
      });
    },
  }),
  publicRoute({
    method: 'post',
    path: '/v1/auth/password',
    tag: 'accounts',
    summary: 'Choose a new password, also in place of a one-time one',
    description: 'Ends all sessions that could be refreshed.',
    body: changePasswordRequest,
    problems: [401],
    limit: 'signIn',
    handle: async ({ body }) => {
      if (!(await changePassword(orm, body))) {
        throw new CairnError('unauthenticated', 'The e-mail address and password do not fit.');
      }
      return reply(undefined);
    },
  }),
  route({
    method: 'get',
    path: '/v1/me',
    tag: 'accounts',
    summary: 'Who the access token is for',
    role: 'viewer',
    reply: me,
    handle: async ({ caller, em }) => {
      const creator = await em.findOneOrFail(Creator, { id: caller.creatorId });
      return reply({
        kind: caller.kind,
        ...(await subjectOf(caller, em)),
        creator: { id: creator.id, name: creator.name },
        role: caller.role,
        platformRole: caller.platformRole,
        memberships: caller.kind === 'user' ? await membershipsFor(em, caller.id) : [],
      });
    },
  }),
];

const subjectOf = async (caller: Caller, em: EntityManager): Promise<Pick<z.input<typeof me>, 'user' | 'apiKey'>> => {
  if (caller.kind === 'apiKey') {
    const { id, name } = await em.findOneOrFail(ApiKey, { id: caller.id });
    return { user: null, apiKey: { id, name } };
  }
  const { id, name, email } = await em.findOneOrFail(User, { id: caller.id });
  return { user: { id, name, email }, apiKey: null };
};

const membershipsFor = async (em: EntityManager, userId: Extract<Caller, { kind: 'user' }>['id']) =>
  (await membershipsOf(em, userId)).map(({ creator_id: creatorId, role }) => ({ creatorId, role }));
