/** Email as a channel, over HTTP and through the ledger. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createSendMessage } from '../../activities/journeys/send-message.ts';
import { createSendGridPort } from '../../shared/clients/sendgrid.ts';
import { createSendGridApi } from '../../shared/clients/sendgrid-api.ts';
import { createTelegramPort } from '../../shared/clients/telegram.ts';
import { createTelegramApi } from '../../shared/clients/telegram-api.ts';
import type { ChannelView } from '../../shared/contracts/channels.ts';
import type { CoacheeId } from '../../shared/contracts/ids.ts';
import { Channel, Delivery, Identity } from '../../shared/db/entities/channels.ts';
import { Message } from '../../shared/db/entities/conversations.ts';
import { Coachee } from '../../shared/db/entities/journeys.ts';
import type { ChannelKind } from '../../shared/domain/channels/deliveries.ts';
import type { OutgoingMessage } from '../../shared/domain/journeys/messages.ts';
import { planMessage } from '../../shared/services/deliveries.ts';
import { effectKey } from '../../temporal/ids.ts';
import { type SendGridEmulator, startSendGridEmulator } from '../emulators/sendgrid.ts';
import { startTelegramEmulator, type TelegramEmulator } from '../emulators/telegram.ts';
import { type ChannelApi, startChannelApi } from '../support/channel-api.ts';
import { type GivenCreator, givenCoachee, givenCreator } from '../support/factories.ts';
import { givenTelegram } from '../support/telegram.ts';

let sendGrid: SendGridEmulator;
let telegram: TelegramEmulator;
let api: ChannelApi;
let nextChat = 70_000;
beforeAll(async () => {
  [sendGrid, telegram] = await Promise.all([startSendGridEmulator(), startTelegramEmulator()]);
  api = await startChannelApi(telegram.url, 0, sendGrid.url);
});
afterAll(() => Promise.all([api.stop(), sendGrid.stop(), telegram.stop()]));

const from = { email: 'ada@example.org', name: 'Ada' };

const connecting = async (creator: GivenCreator, apiKey = sendGrid.account()) => {
  const call = await api.as(creator);
  const connect = async (more: object = {}) => {
    const response = await call('POST', '/v1/channels', { kind: 'email', apiKey, from, ...more });
    return { status: response.status, body: (await response.json()) as ChannelView & { errors?: { path: string }[] } };
  };
  const setEmail = (coacheeId: CoacheeId, email: string) => call('PUT', `/v1/coachees/${coacheeId}/email`, { email });
  return { apiKey, call, connect, setEmail };
};

const given = async () => {
  const creator = await givenCreator(api.deps.orm);
  return { creator, ...(await connecting(creator)) };
};

describe('connecting SendGrid', () => {
  test('shows the sender, keeps the key encrypted, and never shows it', async () => {
    const { creator, apiKey, call, connect } = await given();
    const { status, body } = await connect();
    expect(status).toBe(201);
    expect(body).toMatchObject({ kind: 'email', name: 'Email', telegram: null, email: { from } });
    expect((await (await call('GET', '/v1/channels')).text()) + JSON.stringify(body)).not.toContain(apiKey);
    const row = await creator.em().findOneOrFail(Channel, { id: body.id }, { populate: ['secret'] });
    expect(row.secret).not.toContain(apiKey);
    expect(api.deps.vault.open(row.secret ?? '')).toContain(apiKey);
  });

  test('twice is a conflict; after it was removed it comes back as the same channel', async () => {
    const { call, connect } = await given();
    const { body } = await connect();
    expect((await connect()).status).toBe(409);
    expect((await call('DELETE', `/v1/channels/${body.id}`)).status).toBe(204);
    expect(await connect()).toMatchObject({ status: 201, body: { id: body.id } });
  });

  test('with a key that is unknown or may not send, or while SendGrid is out of order, leaves nothing behind', async () => {
    const { creator, connect } = await given();
    expect((await connect({ apiKey: `SG.${'x'.repeat(22)}.${'x'.repeat(43)}` })).status).toBe(422);
    expect((await connect({ apiKey: sendGrid.account({ scopes: ['stats.read'] }) })).status).toBe(422);
    sendGrid.failNext({ kind: '500', afterAccepting: false });
    expect((await connect()).status).toBe(503);
    expect(await creator.em().count(Channel, { kind: 'email' })).toBe(0);
  });

  test.each([
    [{ apiKey: 'nonsense' }, 'apiKey'],
    [{ from: { email: 'nowhere' } }, 'from.email'],
    [{ token: 'x' }, 'token'],
  ])('with %j names the field', async (more, path) => {
    const { connect } = await given();
    const { status, body } = await connect(more);
    expect(status).toBe(422);
    expect(body.errors?.map((one) => one.path)).toEqual([path]);
  });
});

describe('a coachee’s address', () => {
  test('is kept in small letters, replaced by the next, and one coachee’s alone', async () => {
    const { creator, connect, setEmail } = await given();
    const { coacheeId } = await givenCoachee(creator, creator.webChannelId);
    const other = await givenCoachee(creator, creator.webChannelId);
    expect((await setEmail(coacheeId, 'mira@example.org')).status).toBe(409);
    const { body: channel } = await connect();
    const answer = await setEmail(coacheeId, ' Mira@Example.org ');
    expect(await answer.json()).toEqual({ coacheeId, channelId: channel.id, email: 'mira@example.org' });
    expect((await setEmail(other.coacheeId, 'mira@example.org')).status).toBe(409);
    expect((await setEmail(coacheeId, 'mira@example.net')).status).toBe(200);
    expect((await setEmail(other.coacheeId, 'mira@example.org')).status).toBe(200);
    expect((await setEmail(other.coacheeId, 'nowhere')).status).toBe(422);
    expect(await creator.em().count(Identity, { channelId: channel.id })).toBe(2);
  });

  test('wanted by two at once is given to one', async () => {
    const { creator, connect, setEmail } = await given();
    await connect();
    const people = await Promise.all([1, 2, 3].map(() => givenCoachee(creator, creator.webChannelId)));
    const answers = await Promise.all(people.map(({ coacheeId }) => setEmail(coacheeId, 'mira@example.org')));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409, 409]);
  });
});

/** A coachee on Telegram, the web chat and, where wanted, email; and what is sent to them. */
const givenOnAll = async ({ email = true, channels }: { email?: boolean; channels?: ChannelKind[] } = {}) => {
  const owner = await givenTelegram({ orm: api.deps.orm, vault: api.deps.vault, url: telegram.url });
  const { apiKey, connect, setEmail } = await connecting(owner);
  const chat = nextChat++;
  await owner.bot.userSends(chat, '/start');
  const { coacheeId, identityId } = await givenCoachee(owner, owner.channelId, { address: String(chat) });
  const web = await givenCoachee(owner, owner.webChannelId);
  const em = owner.em();
  await em.nativeUpdate(Identity, { id: web.identityId }, { coacheeId });
  await em.nativeUpdate(Identity, { id: identityId }, { lastInboundAt: new Date() });
  if (channels) await em.nativeUpdate(Coachee, { id: coacheeId }, { deliveryPolicy: { channels } });
  await connect();
  if (email) await setEmail(coacheeId, 'mira@example.org');
  const key = effectKey(`journey/${coacheeId}`, 'hello', 1);
  const plan = (more: Partial<OutgoingMessage> = {}) =>
    owner.em().transactional((tx) =>
      planMessage(tx, {
        ...{ key, creatorId: owner.creatorId, coacheeId, isTest: false },
        ...{ text: 'Good morning', buttons: [], ...more },
      }),
    );
  const sendMessage = createSendMessage({
    ...api.deps,
    ports: {
      telegram: createTelegramPort(createTelegramApi(telegram.url), { waitBeforeSend: async () => 0 }),
      email: createSendGridPort(createSendGridApi(sendGrid.url)),
    },
    announce: async () => {},
  });
  /** Sends until it is settled; gives the kinds of channel that were tried, in order. */
  const sendAll = async (): Promise<ChannelKind[]> => {
    const tried: ChannelKind[] = [];
    for (let turns = 0; turns < 5; turns += 1) {
      const { outcome } = await sendMessage({ creatorId: owner.creatorId, key });
      const { channelId } = await owner.em().findOneOrFail(Delivery, { key });
      if (channelId) tried.push((await owner.em().findOneOrFail(Channel, { id: channelId })).kind);
      if (outcome !== 'deferred') break;
    }
    return tried;
  };
  return {
    ...{ ...owner, chat, apiKey, key, coacheeId, plan, sendAll },
    send: () => sendMessage({ creatorId: owner.creatorId, key }),
    delivery: () => owner.em().findOneOrFail(Delivery, { key }),
    mails: () => sendGrid.mails(apiKey),
  };
};

describe('a message with a subject', () => {
  test('goes by email, whatever the coachee prefers, and is kept with its media', async () => {
    const one = await givenOnAll({ channels: ['web'] });
    const media = [{ kind: 'image' as const, url: 'https://example.org/tree.png', title: 'A tree' }];
    await one.plan({ email: { subject: 'Week one' }, media });
    expect(await one.send()).toEqual({ outcome: 'sent' });
    const delivery = await one.delivery();
    expect(one.mails()).toMatchObject([{ id: delivery.providerMessageId, subject: 'Week one' }]);
    expect(one.mails()[0]?.custom_args).toEqual({ delivery_id: delivery.id });
    expect(await one.em().findOneOrFail(Message, { id: delivery.messageId })).toMatchObject({
      ...{ subject: 'Week one', media, seq: 1 },
    });
  });

  test('is dropped in plain words where there is no email address', async () => {
    const one = await givenOnAll({ email: false });
    await one.plan({ email: { subject: 'Week one' } });
    const dropped = { outcome: 'dropped', reason: expect.stringContaining('no email address') };
    expect(await one.send()).toEqual(dropped);
    expect(await one.send()).toEqual(dropped);
    expect(await one.delivery()).toMatchObject({ status: 'dropped', attempts: 0, settledAt: expect.any(Date) });
  });
});

describe('a message without a subject', () => {
  test.each([
    ['where the coachee wrote last', undefined, ['telegram']],
    ['first where they want it', ['web'], ['web']],
    ['by email where they want that', ['email', 'telegram'], ['email']],
    ['past what they want but do not have', ['whatsapp', 'telegram'], ['telegram']],
  ] as const)('goes %s', async (_, channels, kinds) => {
    const one = await givenOnAll(channels && { channels: [...channels] });
    await one.plan();
    expect(await one.sendAll()).toEqual(kinds);
    expect(await one.delivery()).toMatchObject({ status: 'sent' });
  });

  test('goes to the web chat when Telegram is blocked, and never by email before that', async () => {
    const one = await givenOnAll();
    await one.bot.block(one.chat);
    await one.plan();
    expect(await one.sendAll()).toEqual(['telegram', 'web']);
    expect(one.mails()).toEqual([]);
  });

  test('blocked where it is wanted first, goes to what is wanted next', async () => {
    const one = await givenOnAll({ channels: ['telegram', 'email'] });
    await one.bot.block(one.chat);
    await one.plan();
    expect(await one.sendAll()).toEqual(['telegram', 'email']);
    expect(one.mails()).toMatchObject([{ subject: 'Good morning' }]);
  });
});
