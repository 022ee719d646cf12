/** A coachee's address on the email channel. */
import { z } from 'zod';
import { emailAddress, putEmailAddress } from '../../shared/contracts/channels.ts';
import { coacheeId } from '../../shared/contracts/ids.ts';
import { setEmailAddress } from '../../shared/services/email-channels.ts';
import { type Route, reply, route } from '../http/route.ts';

export const emailAddressRoutes = (): Route[] => [
  route({
    method: 'put',
    path: '/v1/coachees/:id/email',
    tag: 'channels',
    summary: 'Give a coachee their email address',
    description: 'In place of the one they had. Needs an email channel; one address belongs to one coachee.',
    role: 'coach',
    params: z.object({ id: coacheeId }),
    body: putEmailAddress,
    reply: emailAddress,
    problems: [409],
    handle: async ({ em, caller, params: { id }, body }) => {
      const { channelId, address } = await setEmailAddress(em, caller.creatorId, id, body.email);
      return reply({ coacheeId: id, channelId, email: address });
    },
  }),
];
