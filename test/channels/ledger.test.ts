/** The delivery ledger: what one send leaves behind for every answer of the provider, and for a crash at every point. */
import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createJourneyActivities } from '../../activities/journeys/activities.ts';
import type { SendPoint } from '../../activities/journeys/send-message.ts';
import { createGuardedFetch } from '../../shared/clients/guarded-fetch.ts';
import { createTelegramPort } from '../../shared/clients/telegram.ts';
import { createTelegramApi } from '../../shared/clients/telegram-api.ts';
import type { CoacheeId } from '../../shared/contracts/ids.ts';
import { Delivery, Identity } from '../../shared/db/entities/channels.ts';
import { Message } from '../../shared/db/entities/conversations.ts';
import { createOrm } from '../../shared/db/orm.ts';
import { planMessage } from '../../shared/services/deliveries.ts';
import { createVault } from '../../shared/services/secrets.ts';
import { effectKey } from '../../temporal/ids.ts';
import { startTelegramEmulator, type TelegramEmulator } from '../emulators/telegram.ts';
import { testConfig } from '../support/environment.ts';
import { type GivenCreator, givenCoachee, givenCreator } from '../support/factories.ts';
import { givenTelegram } from '../support/telegram.ts';

const config = testConfig();
const orm = createOrm({ databaseUrl: config.DATABASE_URL });
const vault = createVault(config.CAIRN_ENCRYPTION_KEYS);
const unlimited = { waitBeforeSend: async () => 0 };
let emulator: TelegramEmulator;
let nextChat = 50_000;

beforeAll(async () => {
  emulator = await startTelegramEmulator();
});
afterAll(async () => {
  await Promise.all([emulator.stop(), orm.close(true)]);
});

interface Attempt {
  /** Where Telegram is looked for. */
  root?: string;
  /** Called at each named point of the send. */
  reached?: (point: SendPoint) => Promise<void>;
}

/** A planned message to a coachee of `owner`, sent as often as one likes. */
const givenPlanned = async (owner: GivenCreator, coacheeId: CoacheeId, text = 'Good morning', occurrence = 1) => {
  const { creatorId, em } = owner;
  const key = effectKey(`journey/${coacheeId}`, 'hello', occurrence);
  const plan = (words: string) =>
    em().transactional((tx) => planMessage(tx, { key, creatorId, coacheeId, text: words, buttons: [], isTest: false }));
  await plan(text);
  return {
    key,
    plan,
    send: ({ root = emulator.url, reached }: Attempt = {}) =>
      createJourneyActivities({
        orm,
        vault,
        ports: { telegram: createTelegramPort(createTelegramApi(root), unlimited) },
        announce: async () => {},
        guardedFetch: createGuardedFetch({ allowPrivate: false }),
        startRun: async () => {},
        nudgeReminders: async () => {},
        ...(reached && { reached }),
      }).sendMessage({ creatorId, key }),
    delivery: () => em().findOneOrFail(Delivery, { key }),
    message: async () => em().findOneOrFail(Message, { coacheeId, direction: 'out' }),
  };
};

/** The same on Telegram, to a person who has started the bot. */
const given = async (text?: string) => {
  const owner = await givenTelegram({ orm, vault, url: emulator.url });
  const chat = nextChat++;
  await owner.bot.userSends(chat, '/start');
  const { coacheeId, identityId } = await givenCoachee(owner, owner.channelId, { address: String(chat) });
  const copies = async () => (await owner.bot.transcript(chat)).filter(({ from }) => from === 'bot').length;
  return { ...owner, chat, coacheeId, identityId, copies, ...(await givenPlanned(owner, coacheeId, text)) };
};

/** Ends the attempt at that point, as a process that is killed there. */
const killedAt = (point: SendPoint): Attempt => ({
  reached: async (here) => {
    if (here === point) throw new Error('the process ended here');
  },
});

describe('what Telegram takes', () => {
  test('is sent: the ledger keeps its id, and the message takes its place in the conversation', async () => {
    const one = await given();
    expect(await one.send()).toEqual({ outcome: 'sent' });
    const [said] = (await one.bot.transcript(one.chat)).filter(({ from }) => from === 'bot');
    const sent = { status: 'sent', attempts: 1, providerMessageId: String(said?.messageId), reason: null };
    expect(await one.delivery()).toMatchObject(sent);
    expect((await one.message()).seq).toBe(1);
  });

  test('is not sent again, however often it is asked for', async () => {
    const one = await given();
    for (let n = 0; n < 3; n += 1) expect(await one.send()).toEqual({ outcome: 'sent' });
    expect(await one.copies()).toBe(1);
  });
});

describe('what Telegram refuses', () => {
  test('blocked: the next address is taken, and this one never again', async () => {
    const one = await given();
    const { identityId: webId } = await givenCoachee(one, one.webChannelId);
    await one.em().nativeUpdate(Identity, { id: webId }, { coacheeId: one.coacheeId });
    await one.em().nativeUpdate(Identity, { id: one.identityId }, { lastInboundAt: new Date() });
    await one.bot.block(one.chat);

    expect(await one.send()).toEqual({ outcome: 'deferred', afterMs: 0 });
    expect(await one.send()).toEqual({ outcome: 'sent' });
    expect(await one.delivery()).toMatchObject({ status: 'sent', attempts: 2, channelId: one.webChannelId });
    expect((await one.em().findOneOrFail(Identity, { id: one.identityId })).blockedAt).toBeInstanceOf(Date);
  });

  test('blocked, and no other address: failed, with the reason', async () => {
    const one = await given();
    await one.bot.block(one.chat);
    expect(await one.send()).toEqual({ outcome: 'deferred', afterMs: 0 });
    expect(await one.send()).toMatchObject({ outcome: 'failed', reason: expect.stringContaining('no channel') });
    expect((await one.bot.look()).sends).toHaveLength(1);
  });

  test('later: deferred for as long as Telegram says, then sent', async () => {
    const first = await given();
    const second = await givenPlanned(first, first.coacheeId, 'And another', 2);
    await first.send();
    expect(await second.send()).toEqual({ outcome: 'deferred', afterMs: 1000 });
    expect(await second.delivery()).toMatchObject({ status: 'deferred', settledAt: null });
    await new Promise((resolve) => setTimeout(resolve, 1000));
    expect(await second.send()).toEqual({ outcome: 'sent' });
  });

  test('not reached: deferred, the longer the oftener, then sent once', async () => {
    const one = await given();
    const root = await closedRoot();
    expect(await one.send({ root })).toEqual({ outcome: 'deferred', afterMs: 2000 });
    expect(await one.send({ root })).toEqual({ outcome: 'deferred', afterMs: 4000 });
    expect(await one.send()).toEqual({ outcome: 'sent' });
    expect(await one.delivery()).toMatchObject({ status: 'sent', attempts: 3, reason: null });
    expect(await one.copies()).toBe(1);
  });

  test.each([
    ['reset', false, 0],
    ['reset', true, 1],
    ['500', false, 0],
    ['500', true, 1],
  ] as const)('unknown (%s, taken: %s): ambiguous for good', async (kind, taken, copies) => {
    const one = await given();
    await one.bot.failNext(kind, taken);
    expect(await one.send()).toMatchObject({ outcome: 'ambiguous', reason: expect.any(String) });
    expect(await one.send()).toMatchObject({ outcome: 'ambiguous' });
    expect(await one.copies()).toBe(copies);
    expect(await one.delivery()).toMatchObject({ status: 'ambiguous', attempts: 1, reason: expect.any(String) });
    expect(await one.em().count(Delivery, { status: 'ambiguous' })).toBe(1);
  });

  test('invalid: failed for good', async () => {
    const one = await given(' ');
    expect(await one.send()).toMatchObject({ outcome: 'failed', reason: expect.stringContaining('empty') });
    expect(await one.send()).toMatchObject({ outcome: 'failed' });
    expect(await one.delivery()).toMatchObject({ status: 'failed', attempts: 1 });
    expect((await one.bot.look()).sends).toEqual([]);
  });
});

describe('a retry after a crash', () => {
  test.each([
    ['beforeReserve', 'planned', 'sent', 1],
    ['reserved', 'reserved', 'ambiguous', 0],
    ['called', 'reserved', 'ambiguous', 1],
    ['recorded', 'sent', 'sent', 1],
  ] as const)('at %s finds it %s, and calls it %s with %i copies', async (point, found, outcome, copies) => {
    const one = await given();
    await expect(one.send(killedAt(point))).rejects.toThrow('the process ended here');
    expect(await one.delivery()).toMatchObject({ status: found });
    expect(await one.send()).toMatchObject({ outcome });
    expect(await one.delivery()).toMatchObject({ status: outcome });
    expect(await one.copies()).toBe(copies);
  });

  /** An attempt that hangs once it has reserved, and was given up by the time it goes on. */
  const givenGivenUp = async () => {
    const one = await given();
    const { promise: goOn, resolve: release } = Promise.withResolvers<void>();
    const { promise: hangs, resolve: hanging } = Promise.withResolvers<void>();
    const reached = async (point: SendPoint) => {
      if (point !== 'reserved') return;
      hanging();
      await goOn;
    };
    const slow = one.send({ reached });
    await hangs;
    expect(await one.send()).toMatchObject({ outcome: 'ambiguous' });
    const finish = () => {
      release();
      return slow;
    };
    return { ...one, finish };
  };

  test('is put right by the first attempt, where that gets through after all', async () => {
    const one = await givenGivenUp();
    await one.finish();
    expect(await one.delivery()).toMatchObject({ status: 'sent', reason: null });
    expect(await one.copies()).toBe(1);
  });

  test('is put right by the first attempt, where that is refused after all: it will not be sent', async () => {
    const one = await givenGivenUp();
    await one.bot.block(one.chat);
    await one.finish();
    expect(await one.delivery()).toMatchObject({ status: 'failed', settledAt: expect.any(Date) });
    expect(await one.copies()).toBe(0);
  });
});

describe('the web chat', () => {
  const givenOnWeb = async () => {
    const owner = await givenCreator(orm);
    const { coacheeId } = await givenCoachee(owner, owner.webChannelId);
    return givenPlanned(owner, coacheeId);
  };

  test('has a message exactly once, also where two attempts meet', async () => {
    const one = await givenOnWeb();
    const attempts = await Promise.all([one.send(), one.send(), one.send()]);
    expect(attempts).toEqual([{ outcome: 'sent' }, { outcome: 'sent' }, { outcome: 'sent' }]);
    expect(await one.delivery()).toMatchObject({ status: 'sent', attempts: 1 });
    expect((await one.message()).seq).toBe(1);
  });

  test.each(['beforeReserve', 'reserved'] as const)('has it exactly once after a crash at %s', async (point) => {
    const one = await givenOnWeb();
    await expect(one.send(killedAt(point))).rejects.toThrow();
    expect(await one.send()).toEqual({ outcome: 'sent' });
    expect((await one.message()).seq).toBe(1);
  });
});

describe('a key', () => {
  test('keeps the text that it was first planned with', async () => {
    const one = await given('first');
    await one.plan('second');
    await one.send();
    expect((await one.bot.transcript(one.chat)).at(-1)?.text).toBe('first');
  });

  test('is planned once, also by two at the same moment', async () => {
    const one = await given();
    await one.em().nativeDelete(Delivery, { key: one.key });
    const both = await Promise.allSettled([one.plan('one'), one.plan('other')]);
    expect(both.map(({ status }) => status)).toContain('fulfilled');
    expect(await one.em().count(Delivery, { key: one.key })).toBe(1);
  });

  test('that was never planned is no reason to try for ever', async () => {
    const one = await given();
    await one.em().nativeDelete(Delivery, { key: one.key });
    await expect(one.send()).rejects.toMatchObject({ nonRetryable: true, type: 'Missing' });
  });
});

/** An address where nobody listens. */
const closedRoot = async (): Promise<string> => {
  const closed = createServer();
  await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
  const { port } = closed.address() as { port: number };
  await new Promise((resolve) => closed.close(resolve));
  return `http://127.0.0.1:${port}`;
};
