import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RefusalKind, SendRefused, type SendRequest } from '../../shared/clients/channels.ts';
import { createSendLimits } from '../../shared/clients/send-limits.ts';
import { createTelegramPort } from '../../shared/clients/telegram.ts';
import { createTelegramApi } from '../../shared/clients/telegram-api.ts';
import { newId } from '../../shared/contracts/ids.ts';
import type { MessageMedia, OutgoingMessage } from '../../shared/domain/journeys/messages.ts';
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

const request = (
  chat: number,
  says: Partial<OutgoingMessage> = {},
  secret: Record<string, string> = { token: bot.token },
): SendRequest => ({
  ...{ channelId: newId(), deliveryId: newId(), messageId: newId(), address: String(chat), settings: {}, secret },
  message: { text: 'Good morning', buttons: [], ...says },
});

/** What the bot has said in the chat. */
const said = async (chat: number) => (await bot.transcript(chat)).filter(({ from }) => from === 'bot');

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
    const [arrived] = await said(chat);
    expect(arrived).toMatchObject({
      from: 'bot',
      text: 'How *was* <b>it</b>? 🌿',
      buttons: [
        { text: 'Fine', callback_data: `b:${sending.messageId}:0` },
        { text: 'Read more', url: 'https://example.org/more' },
      ],
    });
    expect(providerMessageId).toBe(String(arrived?.messageId));
  });

  test('may be 4,096 characters long; a longer one comes in parts, in order, with the buttons under the last', async () => {
    const chat = await startedChat();
    const paragraphs = ['a', 'b'].map((letter) => `${letter} `.repeat(1500).trim());
    const sending = request(chat, { text: paragraphs.join('\n\n'), buttons: [{ label: 'Done', value: 'done' }] });
    const { providerMessageId } = await port().send(sending);
    const arrived = await said(chat);
    expect(arrived.map(({ text }) => text)).toEqual(paragraphs);
    expect(arrived.map(({ buttons }) => buttons.map(({ text }) => text))).toEqual([[], ['Done']]);
    expect(arrived[1]?.buttons[0]?.callback_data).toBe(`b:${sending.messageId}:0`);
    expect(providerMessageId).toBe(String(arrived[1]?.messageId));
  });

  test.each([
    ['image', 'photo'],
    ['video', 'video'],
    ['audio', 'audio'],
    ['document', 'document'],
  ] as const)('with one %s shows it, the text as its caption', async (kind, method) => {
    const chat = await startedChat();
    const medium = mediumOf(kind);
    await port().send(request(chat, { text: 'Look', media: [medium], buttons: [{ label: 'Seen', value: 'seen' }] }));
    expect(await said(chat)).toMatchObject([
      { text: 'Look', media: { kind: method, url: medium.url }, buttons: [{ text: 'Seen' }] },
    ]);
  });

  test('with two media, a long text, or a medium that Telegram cannot fetch, links them', async () => {
    const chats = await Promise.all([startedChat(), startedChat(), startedChat()]);
    const [image, audio] = [mediumOf('image'), mediumOf('audio')];
    const away = { ...image, url: 'https://media.invalid/tree.png' };
    await port().send(request(chats[0], { media: [image, audio] }));
    await port().send(request(chats[1], { text: 'x'.repeat(1025), media: [image] }));
    await port().send(request(chats[2], { media: [away] }));
    const [two, long, missing] = (await Promise.all(chats.map(said))).map(([first]) => first);
    expect(two?.text).toBe(`Good morning\n\nA tree: ${image.url}\nA tree: ${audio.url}`);
    expect(long?.text).toContain(`\n\nA tree: ${image.url}`);
    expect(missing?.text).toBe('Good morning\n\nA tree: https://media.invalid/tree.png');
    expect([two, long, missing].map((one) => one?.media)).toEqual([undefined, undefined, undefined]);
  });
});

const mediumOf = (kind: MessageMedia['kind']): MessageMedia => ({
  ...{ kind, url: `https://media.example.org/tree.${kind}`, title: 'A tree' },
});

describe('what is known of a message that gave no id', () => {
  const cases: [
    name: string,
    kind: RefusalKind,
    given: (chat: number) => Promise<unknown>,
    says?: Partial<OutgoingMessage>,
    secret?: Record<string, string>,
  ][] = [
    ['the person blocked the bot', 'blocked', (chat) => bot.block(chat)],
    ['an empty text', 'invalid', async () => {}, { text: ' \n' }],
    ['a button without a label', 'invalid', async () => {}, { buttons: [{ label: '', value: 'x' }] }],
    ['a link that is none', 'invalid', async () => {}, { buttons: [{ label: 'x', url: 'nowhere' }] }],
    ['a token that was revoked', 'invalid', async () => {}, {}, { token: `1:${'x'.repeat(35)}` }],
    ['no token', 'invalid', async () => {}, {}, {}],
    ['500 before it was taken', 'unknown', () => bot.failNext('500', false)],
    ['500 after it was taken', 'unknown', () => bot.failNext('500', true)],
    ['a connection reset before it was taken', 'unknown', () => bot.failNext('reset', false)],
    ['a connection reset after it was taken', 'unknown', () => bot.failNext('reset', true)],
  ];

  test.each(cases)('%s: %s', async (_name, kind, given, says, secret) => {
    const chat = await startedChat();
    await given(chat);
    const refused = await refusal(port().send(request(chat, says, secret)));
    expect(refused.kind).toBe(kind);
  });

  const TWO_PARTS = { text: `${'a '.repeat(1500)}\n\n${'b '.repeat(1500)}` };

  /** Lets something happen once the first part has arrived, before it is the second one's turn. */
  const afterTheFirst = (chat: number, happen: () => Promise<unknown>) => ({
    waitBeforeSend: async () => {
      if ((await said(chat)).length === 1) {
        await new Promise((resolve) => setTimeout(resolve, 1000));
        await happen();
      }
      return 0;
    },
  });

  test.each([
    ['500', false, 1],
    ['500', true, 2],
    ['reset', false, 1],
  ] as const)('%s at the second part (taken: %s): unknown, and nothing is sent again', async (kind, taken, arrived) => {
    const chat = await startedChat();
    const limits = afterTheFirst(chat, () => bot.failNext(kind, taken));
    const sending = createTelegramPort(createTelegramApi(emulator.url), limits).send(request(chat, TWO_PARTS));
    const refused = await refusal(sending);
    expect(refused).toMatchObject({ kind: 'unknown', message: expect.stringContaining('Of 2 parts, only 1') });
    expect(await said(chat)).toHaveLength(arrived);
  });

  test('whoever blocks the bot between two parts has half a message: unknown', async () => {
    const chat = await startedChat();
    const limits = afterTheFirst(chat, () => bot.block(chat));
    const sending = createTelegramPort(createTelegramApi(emulator.url), limits).send(request(chat, TWO_PARTS));
    expect((await refusal(sending)).kind).toBe('unknown');
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

  test('the parts of a message wait for each other’s second', async () => {
    const chat = await startedChat();
    await limited().send(request(chat, { text: `${'a '.repeat(1500)}\n\n${'b '.repeat(1500)}` }));
    expect((await said(chat)).map(({ text }) => text[0])).toEqual(['a', 'b']);
  });

  test('without Redis the process counts for itself', async () => {
    const away = new Redis('redis://127.0.0.1:1');
    away.on('error', () => {});
    const limits = createSendLimits(away);
    const turn = { channelId: newId(), address: '1', deliveryId: newId(), messages: 1 };
    expect(await limits.waitBeforeSend(turn)).toBe(0);
    expect(await limits.waitBeforeSend(turn)).toBeGreaterThan(0);
    away.disconnect();
  });
});
