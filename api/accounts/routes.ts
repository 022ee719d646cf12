/** Registration, who am I, passwords. */
import { changePasswordRequest, me, registerRequest, registration } from '../../shared/contracts/accounts.ts';
import { CairnError } from '../../shared/errors.ts';
import { changePassword, register, whoIs } from '../../shared/services/accounts.ts';
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
      const { creatorName, user, apiKey, memberships } = await whoIs(em, caller);
      const { kind, creatorId, role, platformRole } = caller;
      return reply({
        kind,
        user,
        apiKey,
        creator: { id: creatorId, name: creatorName },
        role,
        platformRole,
        memberships,
      });
    },
  }),
];
