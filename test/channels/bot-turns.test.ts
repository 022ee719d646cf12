/** The line before a bot that has more to send than Telegram takes. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SendRefused } from '../../shared/clients/channels.ts';
import { createSendLimits } from '../../shared/clients/send-limits.ts';
import { createTelegramPort } from '../../shared/clients/telegram.ts';
import { createTelegramApi } from '../../shared/clients/telegram-api.ts';
import { newId } from '../../shared/contracts/ids.ts';
import { createTelegramBot } from '../emulators/telegram/client.ts';
import { startTelegramEmulator } from '../emulators/telegram.ts';
import { testConfig } from '../support/environment.ts';

const redis = new Redis(testConfig().REDIS_URL);
const limits = createSendLimits(redis);
// Until it answers, a process counts for itself.
beforeAll(() => redis.ping());
afterAll(() => redis.disconnect());

/** A bot that is asked for a turn by message after message, each to a chat of its own. */
const givenBot = () => {
  const channelId = newId<string>();
  return {
    ask: (deliveryId: string, messages = 1, address: string = newId()) =>
      limits.waitBeforeSend({ channelId, address, deliveryId, messages }),
  };
};

const numbered = (count: number) => Array.from({ length: count }, (_, index) => `delivery-${index}`);

/** A herd that comes all at once: how long each is told to wait, the shortest first. */
const herdAt = async (bot: ReturnType<typeof givenBot>, size: number) => {
  const waits = await Promise.all(numbered(size).map(async (id) => ({ id, waitMs: await bot.ask(id) })));
  return waits.sort((one, other) => one.waitMs - other.waitMs);
};

test('a few messages go at once; every other has a moment of its own, 25 in a second', async () => {
  const herd = await herdAt(givenBot(), 300);

  const waits = herd.map(({ waitMs }) => waitMs);
  const atOnce = waits.filter((waitMs) => waitMs === 0).length;
  expect(atOnce).toBeGreaterThanOrEqual(16);
  expect(atOnce).toBeLessThan(28);
  const moments = waits.slice(atOnce);
  for (const [index, moment] of moments.entries()) {
    const aSecondLater = moments[index + 26] ?? Number.POSITIVE_INFINITY;
    expect(aSecondLater - moment).toBeGreaterThanOrEqual(900);
  }
});

test('who asks again before its moment keeps its place', async () => {
  const bot = givenBot();
  const last = (await herdAt(bot, 200)).at(-1);

  for (const _ of numbered(20)) {
    const again = await bot.ask(last?.id ?? '');
    expect(again).toBeGreaterThan(0);
    expect(again).toBeLessThanOrEqual(last?.waitMs ?? 0);
  }
});

test('who waited for the bot need not wait for its chat as well', async () => {
  const bot = givenBot();
  await bot.ask('much', 28);
  const waitMs = await bot.ask('one', 1, 'chat');
  expect(waitMs).toBeGreaterThan(0);
  expect(await bot.ask('another', 1, 'chat')).toBeGreaterThan(0);
  expect(await bot.ask('one', 1, 'chat')).toBeLessThanOrEqual(waitMs);
});

test('whoever comes newly while there is a line does not wait for its end', async () => {
  const bot = givenBot();
  const lineMs = (await herdAt(bot, 1_000)).at(-1)?.waitMs ?? 0;

  let tries = 1;
  while ((await bot.ask(`reply-${tries}`)) > 0) {
    tries += 1;
    await sleep(50);
  }
  expect(lineMs).toBeGreaterThan(30_000);
  expect(tries).toBeLessThan(100);
});

test('a message of many parts takes a place for each, and its further parts ask the chat alone', async () => {
  const bot = givenBot();
  expect(await bot.ask('long', 28)).toBe(0);
  expect(await bot.ask('next')).toBeGreaterThan(0);
  expect(await bot.ask('long', 0)).toBe(0);
});

test('a herd is sent in some two calls each, and Telegram hardly ever says too many', async () => {
  const emulator = await startTelegramEmulator();
  const bot = await createTelegramBot(emulator.url);
  const port = createTelegramPort(createTelegramApi(emulator.url), limits);
  const channelId = newId<string>();
  let calls = 0;
  const send = async (chat: number): Promise<void> => {
    await bot.userSends(chat, '/start');
    const [deliveryId, messageId] = [newId<string>(), newId<string>()];
    const to = { channelId, deliveryId, messageId, address: String(chat), settings: {}, secret: { token: bot.token } };
    for (;;) {
      calls += 1;
      const refused = await port.send({ ...to, message: { text: 'Good morning', buttons: [] } }).then(
        () => null,
        (error: unknown) => error,
      );
      if (refused === null) return;
      if (!(refused instanceof SendRefused) || refused.kind !== 'later') throw refused;
      await sleep(refused.afterMs);
    }
  };

  const chats = Array.from({ length: 120 }, (_, index) => index + 1);
  await Promise.all(chats.map(send));
  const { sends } = await bot.look();
  await emulator.stop();

  expect(sends.filter(({ accepted }) => accepted)).toHaveLength(chats.length);
  // A network that holds messages up can bunch them.
  expect(sends.filter(({ status }) => status === 429).length).toBeLessThan(chats.length / 10);
  expect(calls).toBeLessThan(3 * chats.length);
});
