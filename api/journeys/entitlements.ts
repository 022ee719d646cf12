/** What coachees have a right to. */
import { z } from 'zod';
import { coacheeId } from '../../shared/contracts/ids.ts';
import { entitlements } from '../../shared/contracts/journeys.ts';
import type { Entitlement } from '../../shared/db/entities/journeys.ts';
import { entitlementName } from '../../shared/domain/journeys/steps/fields.ts';
import { audit } from '../../shared/services/audit.ts';
import { noteChange } from '../../shared/services/changes.ts';
import { grant, listEntitlements, revoke } from '../../shared/services/entitlements.ts';
import { by } from '../accounts/actor.ts';
import type { AppParts } from '../app-parts.ts';
import { type Route, reply, route } from '../http/route.ts';
import { policy } from './policy.ts';

const tag = 'journeys';
const params = z.object({ id: coacheeId });
const named = params.extend({ name: entitlementName });

export const entitlementRoutes = ({ runs }: AppParts): Route[] => [
  route({
    method: 'get',
    path: '/v1/coachees/:id/entitlements',
    tag,
    summary: 'What a coachee has a right to',
    role: policy.read,
    params,
    reply: entitlements,
    handle: async ({ em, params: { id } }) => reply(present(await listEntitlements(em, id))),
  }),
  route({
    method: 'put',
    path: '/v1/coachees/:id/entitlements/:name',
    tag,
    summary: 'Grant an entitlement',
    description: 'Journeys that are held at a payment gate for it go on.',
    role: policy.editCoachees,
    params: named,
    reply: entitlements,
    handle: async ({ em, caller, params: { id, name } }) => {
      await grant(em, { creatorId: caller.creatorId, coacheeId: id, name });
      await audit(em, { ...by(caller), action: 'entitlement.granted', subject: `coachee/${id}`, detail: { name } });
      const concerned = await noteChange(em, id);
      return reply(present(await listEntitlements(em, id)), { after: () => runs.nudge(concerned) });
    },
  }),
  route({
    method: 'delete',
    path: '/v1/coachees/:id/entitlements/:name',
    tag,
    summary: 'Revoke an entitlement',
    description: 'Journeys that have passed their gate are not called back.',
    role: policy.editCoachees,
    params: named,
    reply: entitlements,
    handle: async ({ em, caller, params: { id, name } }) => {
      await revoke(em, id, name);
      await audit(em, { ...by(caller), action: 'entitlement.revoked', subject: `coachee/${id}`, detail: { name } });
      const concerned = await noteChange(em, id);
      return reply(present(await listEntitlements(em, id)), { after: () => runs.nudge(concerned) });
    },
  }),
];

const present = (rows: Entitlement[]): z.input<typeof entitlements> => ({
  items: rows.map(({ name, createdAt }) => ({ name, since: createdAt.toISOString() })),
});
