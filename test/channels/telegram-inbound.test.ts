import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '../../shared/contracts/ids.ts';
import { callbackData, type TelegramUpdate } from '../../shared/contracts/telegram.ts';
import { Identity } from '../../shared/db/entities/channels.ts';
import { Message } from '../../shared/db/entities/conversations.ts';
import { Coachee, Enrollment } from '../../shared/db/entities/journeys.ts';
import { createOrm } from '../../shared/db/orm.ts';
import { joinPhrases } from '../../shared/domain/channels/phrases.ts';
import { createVault } from '../../shared/services/secrets.ts';
import { receiveTelegramUpdate } from '../../shared/services/telegram-inbound.ts';
import { startTelegramEmulator, type TelegramEmulator } from '../emulators/telegram.ts';
import { testConfig } from '../support/environment.ts';
import { type GivenTelegram, givenTelegram, inboundDeps } from '../support/telegram.ts';

const config = testConfig();
const orm = createOrm({ databaseUrl: config.DATABASE_URL });
const redis = new Redis(config.REDIS_URL);
const vault = createVault(config.CAIRN_ENCRYPTION_KEYS);
let emulator: TelegramEmulator;
beforeAll(async () => {
  emulator = await startTelegramEmulator();
});
afterAll(async () => {
  await Promise.all([emulator.stop(), orm.close(true)]);
  redis.disconnect();
});

/** A channel, and a way to receive what its emulated bot has for us. */
const given = async (settings: Parameters<typeof givenTelegram>[1] = {}) => {
  const owner = await givenTelegram({ orm, vault, url: emulator.url }, settings);
  const { deps, ...record } = inboundDeps({ orm, redis, url: emulator.url });
  const channel = await owner.channel();
  const receive = (update: TelegramUpdate) => receiveTelegramUpdate(deps, channel, update);
  let offset = 0;
  /** Receives all that waits; gives the updates. */
  const receiveAll = async () => {
    const updates = await deps.telegramBots(channel.token).getUpdates(offset, AbortSignal.timeout(5_000));
    for (const update of updates) await receive(update);
    offset = (updates.at(-1)?.update_id ?? offset - 1) + 1;
    return updates;
  };
  return { ...owner, ...record, deps, channel, receive, receiveAll };
};

const joinedChat = async (one: Awaited<ReturnType<typeof given>>, chat: number) => {
  await one.bot.userSends(chat, `/start ${one.code}`, { firstName: 'Mira', languageCode: 'de' });
  await one.receiveAll();
  return one.em().findOneOrFail(Identity, { address: String(chat) });
};

const botSaid = async (bot: GivenTelegram['bot'], chat: number) =>
  (await bot.transcript(chat)).filter((one) => one.from === 'bot').map((one) => one.text);

describe('/start', () => {
  test('with a code joins the program under the profile’s name, with a likely time zone', async () => {
    const one = await given();
    const { coacheeId } = await joinedChat(one, 1);
    expect(await one.em().findOneOrFail(Coachee, coacheeId)).toMatchObject({ name: 'Mira', timeZone: 'Europe/Berlin' });
    const enrollment = await one.em().findOneOrFail(Enrollment, { coacheeId });
    expect(one.started).toEqual([{ creatorId: one.creatorId, enrollmentId: enrollment.id }]);
    expect(enrollment.runStartedAt).not.toBeNull();
    expect(await botSaid(one.bot, 1)).toEqual([]);
  });

  test('takes the channel’s own time zone first', async () => {
    const one = await given({ timeZone: 'Asia/Kolkata' });
    const { coacheeId } = await joinedChat(one, 1);
    expect((await one.em().findOneOrFail(Coachee, coacheeId)).timeZone).toBe('Asia/Kolkata');
  });

  test('delivered twice changes and says nothing more', async () => {
    const one = await given();
    await one.bot.userSends(1, `/start ${one.code}`);
    const [update] = await one.receiveAll();
    if (update) await one.receive(update);
    expect(await one.em().count(Enrollment, {})).toBe(1);
    expect(await botSaid(one.bot, 1)).toEqual([]);
  });

  test('sent again by the person says that all is well', async () => {
    const one = await given();
    await joinedChat(one, 1);
    await one.bot.userSends(1, `/start ${one.code}`);
    await one.receiveAll();
    expect(await botSaid(one.bot, 1)).toEqual([joinPhrases.alreadyIn]);
  });

  test('when the run cannot be started, leaves it to the reconcile and forgets nothing', async () => {
    const one = await given();
    one.deps.startRun = async () => {
      throw new Error('Temporal is away');
    };
    const { coacheeId } = await joinedChat(one, 1);
    expect(await one.em().findOneOrFail(Enrollment, { coacheeId })).toMatchObject({
      status: 'active',
      runStartedAt: null,
    });
  });

  test.each([
    ['/start', joinPhrases.stranger],
    ['/start nonsense', joinPhrases.unknownCode],
    ['Hello?', joinPhrases.stranger],
  ])('a stranger’s %j gets a friendly sentence, once', async (text, sentence) => {
    const one = await given();
    await one.bot.userSends(1, text);
    const [update] = await one.receiveAll();
    if (update) await one.receive(update);
    expect(await botSaid(one.bot, 1)).toEqual([sentence]);
    expect(await one.inbound()).toEqual([]);
  });
});

describe('a coachee’s message', () => {
  test('is stored, shown in the conversation, and handed over', async () => {
    const one = await given();
    const { coacheeId } = await joinedChat(one, 1);
    await one.bot.userSends(1, 'I walked today');
    await one.receiveAll();
    const [inbound] = await one.inbound();
    expect(inbound).toMatchObject({ coacheeId, content: { kind: 'text', text: 'I walked today' } });
    expect(one.handed).toEqual([inbound?.id]);
    expect(await one.em().findOneOrFail(Message, { coacheeId })).toMatchObject({
      text: 'I walked today',
      direction: 'in',
      seq: 1,
    });
  });

  test('that comes five times at once is stored once', async () => {
    const one = await given();
    await joinedChat(one, 1);
    await one.bot.userSends(1, 'once');
    const [update] = await one.receiveAll();
    if (update) await Promise.all(Array.from({ length: 5 }, () => one.receive(update)));
    expect(await one.inbound()).toHaveLength(1);
    expect(await one.em().count(Message, {})).toBe(1);
    expect(new Set(one.handed).size).toBe(1);
  });

  test('is safe when Temporal is away', async () => {
    const one = await given();
    await joinedChat(one, 1);
    one.deps.handInbound = async () => {
      throw new Error('Temporal is away');
    };
    await one.bot.userSends(1, 'hello');
    await one.receiveAll();
    expect(await one.inbound()).toHaveLength(1);
  });

  test('does not keep Telegram waiting while Temporal hangs', async () => {
    const one = await given();
    await joinedChat(one, 1);
    one.deps.handInbound = () => new Promise(() => {});
    await one.bot.userSends(1, 'hello');
    const beganMs = Date.now();
    await one.receiveAll();
    expect(Date.now() - beganMs).toBeLessThan(3_000);
    expect(await one.inbound()).toHaveLength(1);
  });

  test('of a kind we cannot read, and an edit, say so to the conversation', async () => {
    const one = await given();
    await joinedChat(one, 1);
    await one.bot.userSends(1, 'first');
    await one.bot.userSendsSticker(1);
    await one.bot.userEdits(1, 'second');
    await one.receiveAll();
    expect((await one.inbound()).map((inbound) => inbound.content)).toEqual([
      { kind: 'text', text: 'first' },
      { kind: 'other', what: 'sticker' },
      { kind: 'other', what: 'edited_message' },
    ]);
  });

  test('that Postgres could not keep is kept without what it cannot', async () => {
    const one = await given();
    await joinedChat(one, 1);
    await one.bot.userSends(1, 'a\u0000b \ud800');
    await one.receiveAll();
    expect((await one.inbound())[0]?.content).toEqual({ kind: 'text', text: 'ab \ufffd' });
  });

  test('makes the address good again after it was blocked', async () => {
    const one = await given();
    const { id } = await joinedChat(one, 1);
    await one.bot.block(1);
    await one.receiveAll();
    expect((await one.em().findOneOrFail(Identity, id)).blockedAt).not.toBeNull();
    await one.bot.userSends(1, 'back');
    await one.receiveAll();
    expect((await one.em().findOneOrFail(Identity, id)).blockedAt).toBeNull();
  });
});

test('a stranger who writes a lot is answered once in a while', async () => {
  const one = await given();
  for (const text of ['one', 'two', 'three']) await one.bot.userSends(1, text);
  await one.receiveAll();
  expect(await botSaid(one.bot, 1)).toEqual([joinPhrases.stranger]);
});

describe('a press of a button', () => {
  const asked = async () => {
    const one = await given();
    const { coacheeId } = await joinedChat(one, 1);
    const messageId = newId<Message['id']>();
    const buttons = [
      { label: 'Well', value: 'well' },
      { label: 'Read', url: 'https://example.org/' },
    ];
    const row = {
      id: messageId,
      creatorId: one.creatorId,
      coacheeId,
      direction: 'out' as const,
      text: 'How?',
      buttons,
    };
    await one.em().insert(Message, row);
    const keyboard = [
      [{ text: 'Well', callback_data: callbackData(messageId, 0) }],
      [{ text: 'Read', url: 'https://example.org/' }],
    ];
    const response = await fetch(`${emulator.url}/bot${one.bot.token}/sendMessage`, {
      method: 'POST',
      body: JSON.stringify({ chat_id: 1, text: 'How?', reply_markup: { inline_keyboard: keyboard } }),
    });
    const { result } = (await response.json()) as { result: { message_id: number } };
    return { ...one, messageId, shown: result.message_id };
  };

  test('names our message and the button’s value; the spinner ends, the answered buttons go, links stay', async () => {
    const one = await asked();
    await one.bot.userPresses(1, one.shown, 'Well');
    await one.receiveAll();
    expect((await one.inbound()).at(-1)?.content).toEqual({
      ...{ kind: 'button', messageId: one.messageId, value: 'well', label: 'Well' },
    });
    expect((await one.bot.look()).unanswered).toBe(0);
    expect((await one.bot.transcript(1)).find((said) => said.messageId === one.shown)?.buttons).toEqual([
      { text: 'Read', url: 'https://example.org/' },
    ]);
  });

  test('of another coachee’s message is not taken for an answer', async () => {
    const one = await asked();
    const { coacheeId } = await joinedChat(one, 2);
    const press = { id: 'x', from: { id: 2 }, message: { message_id: 1, chat: { id: 2, type: 'private' } } };
    const data = callbackData(one.messageId, 0);
    await one.receive({ update_id: 999_999, callback_query: { ...press, data } });
    const [inbound] = (await one.inbound()).filter((row) => row.coacheeId === coacheeId);
    expect(inbound?.content).toEqual({ kind: 'other', what: 'button' });
  });
});
