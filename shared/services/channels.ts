/** A creator's channels: which there are, and how a Telegram bot becomes one. */
import { randomBytes } from 'node:crypto';
import type { EntityManager } from '@mikro-orm/postgresql';
import { z } from 'zod';
import type { NewTelegramChannel } from '../contracts/channels.ts';
import type { Page, PageQuery } from '../contracts/http.ts';
import { type ChannelId, type CreatorId, newId } from '../contracts/ids.ts';
import type { TelegramBots } from '../contracts/telegram-bot.ts';
import { Channel } from '../db/entities/channels.ts';
import { forCreator, type Orm } from '../db/orm.ts';
import { conflict, notFound } from '../errors.ts';
import { idAfter, toPage } from './paging.ts';
import type { Vault } from './secrets.ts';

const telegramSettings = z.object({
  botId: z.string(),
  botUsername: z.string(),
  mode: z.enum(['webhook', 'polling']),
  timeZone: z.string().optional(),
});
const telegramSecret = z.object({ token: z.string(), webhookSecret: z.string() });

/** A Telegram channel with its secret opened. */
export interface TelegramChannel extends z.output<typeof telegramSettings>, z.output<typeof telegramSecret> {
  id: ChannelId;
  creatorId: CreatorId;
}

/** Opens a Telegram channel that is in use; null when there is none of this id. */
export const openTelegramChannel = async (
  em: EntityManager,
  vault: Vault,
  id: ChannelId,
): Promise<TelegramChannel | null> => {
  const channel = await em.findOne(Channel, { id, kind: 'telegram', disabledAt: null }, { populate: ['secret'] });
  if (!channel?.secret) return null;
  return {
    id,
    creatorId: channel.creatorId,
    ...telegramSettings.parse(channel.settings),
    ...telegramSecret.parse(JSON.parse(vault.open(channel.secret))),
  };
};

/** A page of the channels in use, the oldest first. */
export const listChannels = async (em: EntityManager, { limit, cursor }: PageQuery): Promise<Page<Channel>> => {
  const after = idAfter<ChannelId>(cursor);
  const channels = await em.find(
    Channel,
    { disabledAt: null, ...(after && { id: { $gt: after } }) },
    { orderBy: { id: 'asc' }, limit: limit + 1 },
  );
  return toPage(channels, limit, ({ id }) => [id]);
};

/** Throws `notFound`. */
export const getChannel = async (em: EntityManager, id: ChannelId): Promise<Channel> => {
  const channel = await em.findOne(Channel, { id, disabledAt: null });
  if (!channel) throw notFound('channel');
  return channel;
};

export interface ChannelDeps {
  orm: Orm;
  vault: Vault;
  telegramBots: TelegramBots;
  /** Where Telegram reaches us. */
  publicUrl: string;
}

/**
 * Makes a Telegram bot a channel: asks Telegram who it is, tells it where updates go, then writes the row; a crash in between leaves nothing
 * that claims to work. A bot that was a channel before becomes the same one again, so that its coachees stay connected.
 * @throws CairnError `invalid` (Telegram refuses the token or the webhook), `conflict` (the bot is a channel already), `unavailable`.
 */
export const addTelegramChannel = async (
  deps: ChannelDeps,
  creatorId: CreatorId,
  wanted: NewTelegramChannel,
): Promise<Channel> => {
  const bot = deps.telegramBots(wanted.token);
  const { id: botId, username: botUsername } = await bot.getMe();
  const em = forCreator(deps.orm, creatorId);
  const before = (await em.find(Channel, { kind: 'telegram' })).find((one) => one.settings.botId === botId);
  if (before && !before.disabledAt) throw conflict(`@${botUsername} is a channel already.`, { channelId: before.id });
  const id = before?.id ?? newId<ChannelId>();
  const webhookSecret = randomBytes(32).toString('base64url');
  if (wanted.mode === 'webhook') await bot.setWebhook(`${deps.publicUrl}/webhooks/telegram/${id}`, webhookSecret);
  else await bot.deleteWebhook();
  await bot.setCommands();
  const channel = before ?? em.create(Channel, { id, creatorId, kind: 'telegram', name: '', settings: {} });
  em.assign(channel, {
    name: wanted.name,
    settings: { botId, botUsername, mode: wanted.mode, ...(wanted.timeZone && { timeZone: wanted.timeZone }) },
    secret: deps.vault.seal(JSON.stringify({ token: wanted.token, webhookSecret })),
    disabledAt: null,
  });
  await em.flush();
  return channel;
};

/**
 * Takes a channel out of use and forgets its secret; addresses stay, so that the bot can come back. `unhooked` is false when Telegram could
 * not be told: it goes on knocking for a day and is turned away. Throws `notFound`, and `conflict` for the web chat.
 */
export const removeChannel = async (
  deps: ChannelDeps,
  creatorId: CreatorId,
  id: ChannelId,
): Promise<{ unhooked: boolean }> => {
  const em = forCreator(deps.orm, creatorId);
  const row = await getChannel(em, id);
  if (row.kind === 'web') throw conflict('The web chat belongs to every creator and stays.');
  const channel = await openTelegramChannel(em, deps.vault, id);
  await em.nativeUpdate(Channel, { id }, { disabledAt: new Date(), secret: null });
  if (!channel) return { unhooked: true };
  try {
    await deps.telegramBots(channel.token).deleteWebhook();
    return { unhooked: true };
  } catch {
    return { unhooked: false };
  }
};

/** The creator's web chat and, if any, the Telegram channel that coachees can go on to. */
export const chatChannels = async (em: EntityManager): Promise<{ web: ChannelId | null; telegram: Channel | null }> => {
  const channels = await em.find(Channel, { disabledAt: null }, { orderBy: { id: 'asc' } });
  const first = (kind: Channel['kind']) => channels.find((channel) => channel.kind === kind) ?? null;
  return { web: first('web')?.id ?? null, telegram: first('telegram') };
};
