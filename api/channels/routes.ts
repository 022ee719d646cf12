/** The creator's channels. */
import { z } from 'zod';
import { channel, channelPage, newChannel } from '../../shared/contracts/channels.ts';
import { pageQuery } from '../../shared/contracts/http.ts';
import { channelId } from '../../shared/contracts/ids.ts';
import { addTelegramChannel, getChannel, listChannels, removeChannel } from '../../shared/services/channels.ts';
import { addEmailChannel } from '../../shared/services/email-channels.ts';
import type { AppParts } from '../app-parts.ts';
import { type Route, reply, route } from '../http/route.ts';
import { presentChannel } from './presenter.ts';

const one = z.object({ id: channelId });

export const channelRoutes = ({ orm, vault, telegramBots, checkEmailKey, config, logger }: AppParts): Route[] => {
  const deps = { orm, vault, telegramBots, checkEmailKey, publicUrl: config.publicUrl };
  return [
    route({
      method: 'get',
      path: '/v1/channels',
      tag: 'channels',
      summary: 'List channels, the oldest first',
      role: 'viewer',
      query: pageQuery,
      reply: channelPage,
      handle: async ({ em, query }) => {
        const { items, nextCursor } = await listChannels(em, query);
        return reply({ items: items.map(presentChannel), nextCursor });
      },
    }),
    route({
      method: 'post',
      path: '/v1/channels',
      tag: 'channels',
      summary: 'Connect a Telegram bot, or SendGrid for email',
      description:
        'Asks Telegram who the bot is and tells it where updates go, or SendGrid whether the key may send. Token and key are kept encrypted and never shown again. What was removed comes back with its coachees.',
      role: 'owner',
      body: newChannel,
      reply: channel,
      status: 201,
      problems: [409, 503],
      transaction: false,
      handle: async ({ caller: { creatorId }, body }) =>
        reply(
          presentChannel(
            body.kind === 'email'
              ? await addEmailChannel(deps, creatorId, body)
              : await addTelegramChannel(deps, creatorId, body),
          ),
        ),
    }),
    route({
      method: 'get',
      path: '/v1/channels/:id',
      tag: 'channels',
      summary: 'Get a channel',
      role: 'viewer',
      params: one,
      reply: channel,
      handle: async ({ em, params }) => reply(presentChannel(await getChannel(em, params.id))),
    }),
    route({
      method: 'delete',
      path: '/v1/channels/:id',
      tag: 'channels',
      summary: 'Take a channel out of use',
      description: 'Forgets its secret at once. Coachees who have another channel are reached there.',
      role: 'owner',
      params: one,
      problems: [409],
      transaction: false,
      handle: async ({ caller, params }) => {
        const { unhooked } = await removeChannel(deps, caller.creatorId, params.id);
        if (!unhooked) logger.warn({ channelId: params.id }, 'Telegram was not told that a channel is gone');
        return reply(undefined);
      },
    }),
  ];
};
