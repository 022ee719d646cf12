/** Where Telegram brings updates of bots in webhook mode (https://core.telegram.org/bots/api#setwebhook). */
import { createHash, timingSafeEqual } from 'node:crypto';
import { fieldErrors } from '../../shared/contracts/field-errors.ts';
import { channelId, type EnrollmentId } from '../../shared/contracts/ids.ts';
import { telegramUpdate } from '../../shared/contracts/telegram.ts';
import { creatorOfChannel } from '../../shared/db/directory.ts';
import { forCreator } from '../../shared/db/orm.ts';
import { CairnError, invalid, notFound } from '../../shared/errors.ts';
import { openTelegramChannel, type TelegramChannel } from '../../shared/services/channels.ts';
import { startOf } from '../../shared/services/journeys.ts';
import { receiveTelegramUpdate } from '../../shared/services/telegram-inbound.ts';
import type { TelegramInboundDeps } from '../../shared/services/telegram-replies.ts';
import type { AppParts } from '../app-parts.ts';
import { readBody } from '../http/body.ts';
import { type Page, page } from '../http/route.ts';

/**
 * Answers 200 when the update is safe, so that Telegram forgets it; 503 or 500 where it must come again. Texts that Postgres could not keep are cleaned when
 * they are parsed, not refused: a refused update would come again and hold up the bot for a day.
 */
export const telegramWebhook = (parts: AppParts): Page[] => {
  const deps = inboundDeps(parts);
  return [
    page({
      method: 'post',
      path: '/webhooks/telegram/:channelId',
      limit: 'none',
      handle: async (ctx) => {
        const channel = await openChannel(parts, String(ctx.params.channelId));
        const secret = ctx.get('x-telegram-bot-api-secret-token');
        if (!sameSecret(secret, channel.webhookSecret)) throw new CairnError('unauthenticated', 'Wrong secret.');
        const update = telegramUpdate.safeParse((await readBody(ctx, ['json'])).value);
        if (!update.success) throw invalid('This is no update.', fieldErrors(update.error));
        await receiveTelegramUpdate(deps, channel, update.data);
        ctx.body = {};
      },
    }),
  ];
};

/** Throws `notFound` for anything but a channel in webhook mode. */
const openChannel = async ({ orm, vault }: AppParts, id: string): Promise<TelegramChannel> => {
  const wanted = channelId.safeParse(id);
  const creatorId = wanted.success ? await creatorOfChannel(orm, wanted.data) : null;
  if (!wanted.success || !creatorId) throw notFound('channel');
  const channel = await openTelegramChannel(forCreator(orm, creatorId), vault, wanted.data);
  if (channel?.mode !== 'webhook') throw notFound('channel');
  return channel;
};

const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Compared as hashes: in constant time, whatever the lengths. */
const sameSecret = (given: string, expected: string): boolean => timingSafeEqual(sha256(given), sha256(expected));

const inboundDeps = ({ orm, redis, telegramBots, logger, handInbound, runs }: AppParts): TelegramInboundDeps => ({
  ...{ orm, redis, telegramBots, logger, handInbound },
  startRun: async ({ creatorId, enrollmentId }) => {
    const em = forCreator(orm, creatorId as TelegramChannel['creatorId']);
    await runs.start(await startOf(em, enrollmentId as EnrollmentId));
  },
});
