import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RefusalKind, SendRefused, type SendRequest } from '../../shared/clients/channels.ts';
import { createSendLimits } from '../../shared/clients/send-limits.ts';
import { createTelegramPort } from '../../shared/clients/telegram.ts';
import { createTelegramApi } from '../../shared/clients/telegram-api.ts';
import { newId } from '../../shared/contracts/ids.ts';
import { createTelegramBot, type EmulatedBot } from '../emulators/telegram/client.ts';
import { startTelegramEmulator, type TelegramEmulator } from '../emulators/telegram.ts';
import { testConfig } from '../support/environment.ts';

const redis = new Redis(testConfig().REDIS_URL);
const unlimited = { waitBeforeSend: async () => 0 };
let emulator: TelegramEmulator;
let bot: EmulatedBot;
let nextChat = 1000;

beforeAll(async () => {
  emulator = await startTelegramEmulator();
  bot = await createTelegramBot(emulator.url);
});
afterAll(async () => {
  await emulator.stop();
  redis.disconnect();
});

/** A chat of a person who has started the bot. */
const startedChat = async (): Promise<number> => {
  const chat = nextChat++;
  await bot.userSends(chat, '/start');
  return chat;
};

const request = (chat: number, more: Partial<SendRequest> = {}): SendRequest => ({
  channelId: newId(),
  address: String(chat),
  messageId: newId(),
  text: 'Good morning',
  buttons: [],
  secret: { token: bot.token },
  ...more,
});

const port = (apiRoot = emulator.url, timeoutMs?: number) =>
  createTelegramPort(createTelegramApi(apiRoot, timeoutMs), unlimited);

const refusal = async (sending: Promise<unknown>): Promise<SendRefused> => {
  const caught = await sending.then(
    () => new Error('it was sent'),
    (error: unknown) => error,
  );
  expect(caught).toBeInstanceOf(SendRefused);
  const refused = caught as SendRefused;
  expect(refused.message).not.toContain(bot.token);
  return refused;
};

describe('a message that Telegram takes', () => {
  test('arrives as plain text with its buttons, and gives the provider’s id', async () => {
    const chat = await startedChat();
    const sending = request(chat, {
      text: 'How *was* <b>it</b>? 🌿',
      buttons: [
        { label: 'Fine', value: 'fine' },
        { label: 'Read more', url: 'https://example.org/more' },
      ],
    });
    const { providerMessageId } = await port().send(sending);
    const said = (await bot.transcript(chat)).at(-1);
    expect(said).toMatchObject({
      from: 'bot',
      text: 'How *was* <b>it</b>? 🌿',
      buttons: [
        { text: 'Fine', callback_data: `b:${sending.messageId}:0` },
        { text: 'Read more', url: 'https://example.org/more' },
      ],
    });
    expect(providerMessageId).toBe(String(said?.messageId));
  });

  test('may be 4,096 characters long, and is refused, never split, beyond', async () => {
    const chat = await startedChat();
    await port().send(request(chat, { text: 'x'.repeat(4096) }));
    const refused = await refusal(port().send(request(chat, { text: 'x'.repeat(4097) })));
    expect(refused.kind).toBe('invalid');
    expect((await bot.transcript(chat)).filter((one) => one.from === 'bot')).toHaveLength(1);
  });
});

describe('what is known of a message that gave no id', () => {
  const cases: [
    name: string,
    kind: RefusalKind,
    given: (chat: number) => Promise<unknown>,
    more?: Partial<SendRequest>,
  ][] = [
    ['the person blocked the bot', 'blocked', (chat) => bot.block(chat)],
    ['an empty text', 'invalid', async () => {}, { text: ' \n' }],
    ['a button without a label', 'invalid', async () => {}, { buttons: [{ label: '', value: 'x' }] }],
    ['a link that is none', 'invalid', async () => {}, { buttons: [{ label: 'x', url: 'nowhere' }] }],
    ['a token that was revoked', 'invalid', async () => {}, { secret: { token: `1:${'x'.repeat(35)}` } }],
    ['no token', 'invalid', async () => {}, { secret: {} }],
    ['500 before it was taken', 'unknown', () => bot.failNext('500', false)],
    ['500 after it was taken', 'unknown', () => bot.failNext('500', true)],
    ['a connection reset before it was taken', 'unknown', () => bot.failNext('reset', false)],
    ['a connection reset after it was taken', 'unknown', () => bot.failNext('reset', true)],
  ];

  test.each(cases)('%s: %s', async (_name, kind, given, more) => {
    const chat = await startedChat();
    await given(chat);
    const refused = await refusal(port().send(request(chat, more)));
    expect(refused.kind).toBe(kind);
  });

  test('a person the bot never met, or who never wrote: blocked', async () => {
    expect((await refusal(port().send(request(424242)))).kind).toBe('blocked');
  });

  test('no answer within the deadline: unknown, taken or not', async () => {
    const chat = await startedChat();
    await bot.failNext('hang', true);
    expect((await refusal(port(emulator.url, 300).send(request(chat)))).kind).toBe('unknown');
    expect((await bot.transcript(chat)).at(-1)?.from).toBe('bot');
  });

  test('nobody listens, or the name is unknown: not reached', async () => {
    const closed = createServer();
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
    const { port: freePort } = closed.address() as AddressInfo;
    await new Promise((resolve) => closed.close(resolve));
    for (const root of [`http://127.0.0.1:${freePort}`, 'http://telegram.invalid']) {
      expect((await refusal(port(root).send(request(1)))).kind).toBe('notReached');
    }
  });

  test('an answer that is not Telegram’s: unknown', async () => {
    const strange = createServer((socket) => {
      socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi'));
    });
    await new Promise<void>((resolve) => strange.listen(0, '127.0.0.1', resolve));
    const { port: strangePort } = strange.address() as AddressInfo;
    expect((await refusal(port(`http://127.0.0.1:${strangePort}`).send(request(1)))).kind).toBe('unknown');
    await new Promise((resolve) => strange.close(resolve));
  });

  test('too many: later, with Telegram’s own wait', async () => {
    const chat = await startedChat();
    await port().send(request(chat));
    const refused = await refusal(port().send(request(chat)));
    expect(refused).toMatchObject({ kind: 'later', afterMs: 1000 });
  });
});

describe('our own limits', () => {
  const limited = () => createTelegramPort(createTelegramApi(emulator.url), createSendLimits(redis));

  test('one message a second for a chat: the next one is told to wait, and nothing is sent into a 429', async () => {
    const chat = await startedChat();
    const one = request(chat);
    await limited().send(one);
    const refused = await refusal(limited().send(one));
    expect(refused.kind).toBe('later');
    expect(refused.afterMs).toBeGreaterThan(0);
    expect(refused.afterMs).toBeLessThanOrEqual(1000);
    const statuses = (await bot.look()).sends
      .filter((send) => send.body.chat_id === String(chat))
      .map((send) => send.status);
    expect(statuses).toEqual([200]);
  });

  test('28 messages a second for a bot: those beyond queue up, the later the longer', async () => {
    const limits = createSendLimits(redis);
    const channelId = newId();
    const waits = await Promise.all(
      Array.from({ length: 90 }, (_, chat) => limits.waitBeforeSend(channelId, String(chat))),
    );
    expect(waits.filter((wait) => wait === 0)).toHaveLength(28);
    expect(waits.filter((wait) => wait > 0 && wait <= 1000)).toHaveLength(28);
    expect(waits.filter((wait) => wait > 2000)).toHaveLength(6);
  });

  test('without Redis the process counts for itself', async () => {
    const away = new Redis('redis://127.0.0.1:1');
    away.on('error', () => {});
    const limits = createSendLimits(away);
    const channelId = newId();
    expect(await limits.waitBeforeSend(channelId, '1')).toBe(0);
    expect(await limits.waitBeforeSend(channelId, '1')).toBeGreaterThan(0);
    away.disconnect();
  });
});
