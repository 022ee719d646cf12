import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { Channel } from '../../shared/db/entities/channels.ts';
import { InboundMessage } from '../../shared/db/entities/conversations.ts';
import { createOrm } from '../../shared/db/orm.ts';
import { createVault } from '../../shared/services/secrets.ts';
import { startTelegramPolling, type TelegramPolling } from '../../workers/telegram-polling.ts';
import { startTelegramEmulator, type TelegramEmulator } from '../emulators/telegram.ts';
import { testConfig } from '../support/environment.ts';
import { type GivenTelegram, givenTelegram, inboundDeps } from '../support/telegram.ts';

const config = testConfig();
const orm = createOrm({ databaseUrl: config.DATABASE_URL });
const redis = new Redis(config.REDIS_URL);
const vault = createVault(config.CAIRN_ENCRYPTION_KEYS);
const PACE = { lookMs: 50, lockMs: 600, pauseMs: { first: 20, most: 100 } };
let emulator: TelegramEmulator;
const running: TelegramPolling[] = [];
const owners: GivenTelegram[] = [];

beforeAll(async () => {
  emulator = await startTelegramEmulator();
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((polling) => polling.stop()));
  // Bots of tests that are over are not read by the next ones.
  for (const { em, channelId } of owners.splice(0))
    await em().nativeUpdate(Channel, { id: channelId }, { disabledAt: new Date() });
});
afterAll(async () => {
  await Promise.all([emulator.stop(), orm.close(true)]);
  redis.disconnect();
});

const given = async (mode: 'polling' | 'webhook' = 'polling') => {
  const owner = await givenTelegram({ orm, vault, url: emulator.url }, { mode });
  owners.push(owner);
  return owner;
};

/** One worker process's polling. */
const poll = (): TelegramPolling => {
  const { deps } = inboundDeps({ orm, redis, url: emulator.url });
  const polling = startTelegramPolling({ ...deps, vault }, PACE);
  running.push(polling);
  return polling;
};

const texts = async (one: GivenTelegram) =>
  (await one.inbound()).map(({ content }) => (content.kind === 'text' ? content.text : ''));

const untilTexts = (one: GivenTelegram, expected: string[]) =>
  vi.waitFor(async () => expect(await texts(one)).toEqual(expected), { timeout: 5_000, interval: 30 });

describe('long polling', () => {
  test('brings in what people write, in order, and confirms it', async () => {
    const one = await given();
    poll();
    await one.bot.userSends(1, `/start ${one.code}`);
    for (const text of ['one', 'two', 'three']) await one.bot.userSends(1, text);
    await untilTexts(one, ['one', 'two', 'three']);
    await vi.waitFor(async () => expect((await one.bot.look()).pending).toBe(0));
  });

  test('of two processes reads each bot once, and goes on in the other when one stops', async () => {
    const one = await given();
    const first = poll();
    poll();
    await one.bot.userSends(1, `/start ${one.code}`);
    await one.bot.userSends(1, 'one');
    await untilTexts(one, ['one']);
    await first.stop();
    await one.bot.userSends(1, 'two');
    await untilTexts(one, ['one', 'two']);
  });

  test('stopped before it could confirm, loses nothing and takes nothing twice', async () => {
    const one = await given();
    await one.bot.userSends(1, `/start ${one.code}`);
    const sent = Array.from({ length: 12 }, (_, index) => `message ${index}`);
    for (const text of sent) await one.bot.userSends(1, text);
    for (let round = 0; round < 6; round += 1) {
      const polling = poll();
      await new Promise((resolve) => setTimeout(resolve, 60));
      await polling.stop();
    }
    poll();
    await untilTexts(one, sent);
  });

  test('takes over a bot whose process died, when its lock has run out', async () => {
    const one = await given();
    await redis.set(`telegram:reader:${one.channelId}`, 'a process that was killed', 'PX', 300);
    poll();
    await one.bot.userSends(1, `/start ${one.code}`);
    await one.bot.userSends(1, 'still here');
    await untilTexts(one, ['still here']);
  });

  test('stops reading a bot whose lock was lost', async () => {
    const one = await given();
    poll();
    await one.bot.userSends(1, `/start ${one.code}`);
    await one.bot.userSends(1, 'one');
    await untilTexts(one, ['one']);
    await redis.set(`telegram:reader:${one.channelId}`, 'somebody else', 'PX', 5_000);
    await new Promise((resolve) => setTimeout(resolve, PACE.lockMs));
    await one.bot.userSends(1, 'two');
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(await texts(one)).toEqual(['one']);
    await redis.del(`telegram:reader:${one.channelId}`);
    await untilTexts(one, ['one', 'two']);
  });

  test('goes on after Telegram failed', async () => {
    const one = await given();
    for (const kind of ['500', 'reset', '500'] as const) await one.bot.failNext(kind, false, 'getUpdates');
    poll();
    await one.bot.userSends(1, `/start ${one.code}`);
    await one.bot.userSends(1, 'patience');
    await untilTexts(one, ['patience']);
  });

  test('leaves bots of the webhook mode alone', async () => {
    const one = await given('webhook');
    poll();
    await one.bot.userSends(1, 'hello');
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect((await one.bot.look()).pending).toBe(1);
    expect(await one.em().count(InboundMessage, {})).toBe(0);
  });
});
