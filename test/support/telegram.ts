/** A creator with an emulated Telegram bot as their channel, and what came of its updates. */
import { randomBytes } from 'node:crypto';
import type { Redis } from 'ioredis';
import { createTelegramApi } from '../../shared/clients/telegram-api.ts';
import { createTelegramBots } from '../../shared/clients/telegram-bot.ts';
import type { ChannelId } from '../../shared/contracts/ids.ts';
import { JoinCode } from '../../shared/db/entities/channels.ts';
import { InboundMessage } from '../../shared/db/entities/conversations.ts';
import type { Orm } from '../../shared/db/orm.ts';
import type { JourneyRef } from '../../shared/domain/journeys/enrollments.ts';
import { createLogger } from '../../shared/logger.ts';
import { openTelegramChannel, type TelegramChannel } from '../../shared/services/channels.ts';
import type { Vault } from '../../shared/services/secrets.ts';
import type { TelegramInboundDeps } from '../../shared/services/telegram-replies.ts';
import { createTelegramBot, type EmulatedBot } from '../emulators/telegram/client.ts';
import { type GivenCreator, givenChannel, givenCreator, givenProgram } from './factories.ts';

export interface GivenTelegram extends GivenCreator {
  bot: EmulatedBot;
  channelId: ChannelId;
  /** The channel with its secret opened. */
  channel: () => Promise<TelegramChannel>;
  programId: Awaited<ReturnType<typeof givenProgram>>['programId'];
  /** A code that everyone may join by. */
  code: string;
  inbound: () => Promise<InboundMessage[]>;
}

/** A creator with a program, a join code and a Telegram channel on the emulator at `url`. */
export const givenTelegram = async (
  { orm, vault, url }: { orm: Orm; vault: Vault; url: string },
  settings: { mode?: 'webhook' | 'polling'; timeZone?: string } = {},
): Promise<GivenTelegram> => {
  const owner = await givenCreator(orm);
  const bot = await createTelegramBot(url);
  const webhookSecret = randomBytes(32).toString('base64url');
  const channelId = await givenChannel(owner, 'telegram', {
    secret: vault.seal(JSON.stringify({ token: bot.token, webhookSecret })),
    settings: { botId: '1', botUsername: bot.username, mode: 'polling', ...settings },
  });
  const { programId } = await givenProgram(owner, { steps: [{ key: 'hello', type: 'message', text: 'Hello' }] });
  return {
    ...owner,
    bot,
    channelId,
    channel: async () => {
      const channel = await openTelegramChannel(owner.em(), vault, channelId);
      if (!channel) throw new Error('the channel is gone');
      return channel;
    },
    programId,
    code: await givenJoinCode(owner, { programId }),
    inbound: () => owner.em().find(InboundMessage, { channelId }, { orderBy: { id: 'asc' } }),
  };
};

/** A join code of any kind. */
export const givenJoinCode = async (
  { creatorId, em }: Pick<GivenCreator, 'creatorId' | 'em'>,
  more: Partial<Pick<JoinCode, 'programId' | 'coacheeId' | 'enrollmentId' | 'testMsPerDay' | 'expiresAt'>>,
): Promise<string> => {
  const code = randomBytes(16).toString('base64url');
  const nothing = { programId: null, coacheeId: null, enrollmentId: null, testMsPerDay: null, expiresAt: null };
  await em().insert(JoinCode, { code, creatorId, ...nothing, ...more });
  return code;
};

/** What receiving needs, with a record of the runs and conversations that were asked for. */
export const inboundDeps = ({ orm, redis, url }: { orm: Orm; redis: Redis; url: string }) => {
  const started: JourneyRef[] = [];
  const handed: string[] = [];
  const deps: TelegramInboundDeps = {
    orm,
    redis,
    telegramBots: createTelegramBots(createTelegramApi(url)),
    logger: createLogger({ level: 'silent', name: 'test' }),
    startRun: async (ref) => void started.push(ref),
    handInbound: async ({ inboundId }) => void handed.push(inboundId),
  };
  return { deps, started, handed };
};
