/** What the handling of a Telegram update is given, and how it answers outside the ledger. */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Redis } from 'ioredis';
import type { CoacheeId, CreatorId, InboundId } from '../contracts/ids.ts';
import type { TelegramBot, TelegramBots } from '../contracts/telegram-bot.ts';
import type { Orm } from '../db/orm.ts';
import type { JourneyRef } from '../domain/journeys/enrollments.ts';
import type { Logger } from '../logger.ts';
import type { TelegramChannel } from './channels.ts';

export interface TelegramInboundDeps {
  orm: Orm;
  redis: Redis;
  telegramBots: TelegramBots;
  logger: Logger;
  /** Starts the run of a committed enrollment; safe to repeat. */
  startRun: (ref: JourneyRef) => Promise<void>;
  /** Hands a committed inbound message to its conversation; safe to repeat. */
  handInbound: (ref: { creatorId: CreatorId; coacheeId: CoacheeId; inboundId: InboundId }) => Promise<void>;
}

/** One update on its way: what is known of where it came from. */
export interface Incoming extends TelegramInboundDeps {
  channel: TelegramChannel;
  bot: TelegramBot;
  /** Bound to the channel's creator. */
  em: EntityManager;
}

const REMEMBERED_SECONDS = 25 * 3_600;
const PAUSE_MS = 2_000;

/**
 * Says a sentence of Cairn's own in answer to an update (null: decides to say nothing): once, however often the update comes (Telegram repeats it
 * for a day), at most every two seconds in a chat, and as best effort, since nothing depends on it.
 */
export const answerOnce = async (
  { redis, bot, channel, logger }: Incoming,
  { externalId, chatId }: { externalId: string; chatId: string },
  text: string | null,
): Promise<void> => {
  try {
    const key = `telegram:answered:${channel.id}:${externalId}`;
    const isFirst = (await redis.set(key, '1', 'EX', REMEMBERED_SECONDS, 'NX')) !== null;
    if (!isFirst || text === null) return;
    // Who writes a hundred messages takes nothing from what programs may send.
    const mayAnswer =
      (await redis.set(`telegram:answering:${channel.id}:${chatId}`, '1', 'PX', PAUSE_MS, 'NX')) !== null;
    if (mayAnswer) await bot.say(chatId, text);
  } catch (error) {
    logger.warn({ err: error, channelId: channel.id }, 'a friendly sentence was not said');
  }
};
