/** Members of a creator. */
import { z } from 'zod';
import { changeRoleRequest, invitation, inviteRequest, member, memberPage } from '../../shared/contracts/accounts.ts';
import { pageQuery } from '../../shared/contracts/http.ts';
import { userId } from '../../shared/contracts/ids.ts';
import { audit } from '../../shared/services/audit.ts';
import { changeRole, getMember, invite, listMembers, removeMember } from '../../shared/services/members.ts';
import { type Route, reply, route } from '../http/route.ts';
import { by } from './actor.ts';
import { policy } from './policy.ts';
import { presentMember } from './presenter.ts';

const tag = 'accounts';
const params = z.object({ userId });

export const memberRoutes = (): Route[] => [
  route({
    method: 'get',
    path: '/v1/members',
    tag,
    summary: 'List members',
    role: policy.seeMembers,
    query: pageQuery,
    reply: memberPage,
    handle: async ({ em, query }) => {
      const { items, nextCursor } = await listMembers(em, query);
      return reply({ items: items.map(presentMember), nextCursor });
    },
  }),
  route({
    method: 'post',
    path: '/v1/members',
    tag,
    summary: 'Invite a person',
    role: policy.manageMembers,
    body: inviteRequest,
    status: 201,
    reply: invitation,
    problems: [409],
    handle: async ({ em, caller, body }) => {
      const { userId: id, oneTimePassword } = await invite(em, caller.creatorId, body);
      await audit(em, { ...by(caller), action: 'member.invited', subject: `user/${id}`, detail: { role: body.role } });
      return reply({ member: presentMember(await getMember(em, id)), oneTimePassword });
    },
  }),
  route({
    method: 'get',
    path: '/v1/members/:userId',
    tag,
    summary: 'Get a member',
    role: policy.seeMembers,
    params,
    reply: member,
    handle: async ({ em, params: { userId: id } }) => reply(presentMember(await getMember(em, id))),
  }),
  route({
    method: 'patch',
    path: '/v1/members/:userId',
    tag,
    summary: 'Give a member another role',
    role: policy.manageMembers,
    params,
    body: changeRoleRequest,
    reply: member,
    problems: [409],
    handle: async ({ em, caller, params: { userId: id }, body }) => {
      await changeRole(em, id, body.role);
      await audit(em, { ...by(caller), action: 'member.roleChanged', subject: `user/${id}`, detail: body });
      return reply(presentMember(await getMember(em, id)));
    },
  }),
  route({
    method: 'delete',
    path: '/v1/members/:userId',
    tag,
    summary: 'Remove a member',
    description: 'Their access tokens for this creator stop working at once.',
    role: policy.manageMembers,
    params,
    problems: [409],
    handle: async ({ em, caller, params: { userId: id } }) => {
      await removeMember(em, id);
      await audit(em, { ...by(caller), action: 'member.removed', subject: `user/${id}` });
      return reply(undefined);
    },
  }),
];
