/** Long polling of Telegram bots: one reader per bot over all worker processes, held by a lock in Redis. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ChannelId, CreatorId } from '../shared/contracts/ids.ts';
import { channelsOfKind } from '../shared/db/directory.ts';
import { forCreator } from '../shared/db/orm.ts';
import { openTelegramChannel, type TelegramChannel } from '../shared/services/channels.ts';
import type { Vault } from '../shared/services/secrets.ts';
import { receiveTelegramUpdate } from '../shared/services/telegram-inbound.ts';
import type { TelegramInboundDeps } from '../shared/services/telegram-replies.ts';
import { holdLock } from './lock.ts';

export interface PollingDeps extends TelegramInboundDeps {
  vault: Vault;
}

export interface TelegramPolling {
  /** Finishes the update in hand and gives the bots to another process. */
  stop(): Promise<void>;
}

export interface PollingPace {
  /** How often new bots, and bots that nobody reads, are looked for. */
  lookMs: number;
  /** How long a process that died keeps its bots from the others. */
  lockMs: number;
  /** Pauses after failures grow from the first to the last. */
  pauseMs: { first: number; most: number };
}

const PACE: PollingPace = { lookMs: 10_000, lockMs: 30_000, pauseMs: { first: 500, most: 30_000 } };

/** Starts to read every bot in polling mode that no other process reads. */
export const startTelegramPolling = (deps: PollingDeps, pace: PollingPace = PACE): TelegramPolling => {
  const stopping = new AbortController();
  const readers = new Map<ChannelId, Promise<void>>();
  const look = async (): Promise<void> => {
    for (const { creator_id, channel_id } of await channelsOfKind(deps.orm, 'telegram')) {
      if (readers.has(channel_id) || stopping.signal.aborted) continue;
      const reading = readAlone(deps, pace, { creator_id, channel_id }, stopping.signal);
      readers.set(channel_id, reading);
      void reading.finally(() => readers.delete(channel_id));
    }
  };
  const looking = repeat(look, pace.lookMs, stopping.signal, (error) =>
    deps.logger.warn({ err: error }, 'Telegram bots could not be listed'),
  );
  return {
    stop: async () => {
      stopping.abort();
      await Promise.all([looking, ...readers.values()]);
    },
  };
};

const repeat = async (
  task: () => Promise<void>,
  everyMs: number,
  signal: AbortSignal,
  failed: (error: unknown) => void,
): Promise<void> => {
  while (!signal.aborted) {
    await task().catch(failed);
    await sleep(everyMs, undefined, { signal }).catch(() => {});
  }
};

interface Found {
  creator_id: CreatorId;
  channel_id: ChannelId;
}

/** Reads one bot for as long as this process holds its lock and the channel stays in polling mode. Never rejects. */
const readAlone = async (deps: PollingDeps, pace: PollingPace, found: Found, stopped: AbortSignal): Promise<void> => {
  const { creator_id, channel_id } = found;
  const open = () => openTelegramChannel(forCreator(deps.orm, creator_id), deps.vault, channel_id);
  try {
    if ((await open())?.mode !== 'polling') return;
    await holdLock(deps.redis, `telegram:reader:${channel_id}`, pace.lockMs, stopped, (held) =>
      readUpdates(deps, pace, open, held),
    );
  } catch (error) {
    deps.logger.warn({ err: error, channelId: channel_id }, 'a Telegram bot is not read');
  }
};

/**
 * Asks for updates until `held` ends. The next request confirms what came before it, so it is made only when every row is committed: a process that
 * dies in between is told the same updates again, and the unique index knows them.
 */
const readUpdates = async (
  deps: PollingDeps,
  pace: PollingPace,
  open: () => Promise<TelegramChannel | null>,
  held: AbortSignal,
): Promise<void> => {
  let offset = 0;
  let pauseMs = pace.pauseMs.first;
  while (!held.aborted) {
    try {
      const channel = await open();
      if (channel?.mode !== 'polling') return;
      for (const update of await deps.telegramBots(channel.token).getUpdates(offset, held)) {
        if (held.aborted) return;
        await receiveTelegramUpdate(deps, channel, update);
        offset = update.update_id + 1;
      }
      pauseMs = pace.pauseMs.first;
    } catch (error) {
      if (held.aborted) return;
      deps.logger.warn({ err: error, pauseMs }, 'reading a Telegram bot failed; it goes on after a pause');
      await sleep(pauseMs, undefined, { signal: held }).catch(() => {});
      pauseMs = Math.min(pauseMs * 2, pace.pauseMs.most);
    }
  }
};
