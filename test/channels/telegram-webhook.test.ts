import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { ChannelView } from '../../shared/contracts/channels.ts';
import { newId } from '../../shared/contracts/ids.ts';
import { InboundMessage } from '../../shared/db/entities/conversations.ts';
import { Coachee } from '../../shared/db/entities/journeys.ts';
import { createTelegramBot } from '../emulators/telegram/client.ts';
import { startTelegramEmulator, type TelegramEmulator } from '../emulators/telegram.ts';
import { type ChannelApi, startChannelApi } from '../support/channel-api.ts';
import { givenCreator, givenProgram } from '../support/factories.ts';
import { givenJoinCode } from '../support/telegram.ts';

let emulator: TelegramEmulator;
let api: ChannelApi;
beforeAll(async () => {
  emulator = await startTelegramEmulator();
  api = await startChannelApi(emulator.url);
});
afterAll(() => Promise.all([api.stop(), emulator.stop()]));

/** A creator whose bot is connected by webhook. */
const given = async () => {
  const creator = await givenCreator(api.deps.orm);
  const bot = await createTelegramBot(emulator.url);
  const call = await api.as(creator);
  const request = { kind: 'telegram', name: 'Ada', token: bot.token, mode: 'webhook' };
  const channel = (await (await call('POST', '/v1/channels', request)).json()) as ChannelView;
  const { programId } = await givenProgram(creator, { steps: [{ key: 'hello', type: 'message', text: 'Hello' }] });
  const texts = async () => {
    const rows = await creator.em().find(InboundMessage, { channelId: channel.id }, { orderBy: { id: 'asc' } });
    return rows.map(({ content }) => (content.kind === 'text' ? content.text : content.kind));
  };
  return { creator, bot, call, channel, texts, code: await givenJoinCode(creator, { programId }) };
};

const untilRead = (one: Awaited<ReturnType<typeof given>>) =>
  vi.waitFor(async () => expect((await one.bot.look()).pending).toBe(0), { timeout: 5_000, interval: 20 });

const post = (path: string, body: unknown, secret?: string) =>
  fetch(`${api.url}${path}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(secret !== undefined && { 'x-telegram-bot-api-secret-token': secret }),
    },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });

describe('Telegram’s webhook', () => {
  test('joins, and brings in what people write, in order', async () => {
    const one = await given();
    await one.bot.userSends(1, `/start ${one.code}`, { firstName: 'Mira' });
    for (const text of ['one', 'two', 'three']) await one.bot.userSends(1, text);
    await untilRead(one);
    expect(await one.texts()).toEqual(['one', 'two', 'three']);
    expect(api.started).toHaveLength(1);
    expect((await one.creator.em().findOneOrFail(Coachee, { name: 'Mira' })).isTest).toBe(false);
  });

  test('takes an update once that comes twice, and two that come in the wrong order', async () => {
    const one = await given();
    await one.bot.userSends(1, `/start ${one.code}`);
    await untilRead(one);
    await one.bot.mischief({ twice: 2 });
    await one.bot.userSends(1, 'one');
    await one.bot.userSends(1, 'two');
    await untilRead(one);
    expect(await one.texts()).toEqual(['one', 'two']);
    await one.bot.mischief({ swap: true });
    await one.bot.userSends(1, 'three');
    await one.bot.userSends(1, 'four');
    await untilRead(one);
    expect((await one.texts()).toSorted()).toEqual(['four', 'one', 'three', 'two']);
  });

  test('with a wrong or no secret is refused, and nothing is written', async () => {
    const one = await given();
    const path = `/webhooks/telegram/${one.channel.id}`;
    const update = { update_id: 1, message: { message_id: 1, chat: { id: 1, type: 'private' }, text: 'hello' } };
    for (const secret of [undefined, '', 'wrong', 'x'.repeat(43)]) {
      expect((await post(path, update, secret)).status).toBe(401);
    }
    expect(await one.texts()).toEqual([]);
  });

  test('of a channel that is not there, removed, or read by polling is not found', async () => {
    const one = await given();
    for (const id of [newId(), 'nonsense', one.creator.webChannelId]) {
      expect((await post(`/webhooks/telegram/${id}`, { update_id: 1 }, 'x')).status).toBe(404);
    }
    const secret = (await one.bot.look()).webhook?.secretToken ?? '';
    const path = `/webhooks/telegram/${one.channel.id}`;
    expect((await post(path, { update_id: 1 }, secret)).status).toBe(200);
    await one.call('DELETE', `/v1/channels/${one.channel.id}`);
    expect((await post(path, { update_id: 1 }, secret)).status).toBe(404);
  });

  test('refuses what is no update; takes an update of a kind yet unknown', async () => {
    const one = await given();
    const secret = (await one.bot.look()).webhook?.secretToken ?? '';
    const path = `/webhooks/telegram/${one.channel.id}`;
    expect((await post(path, 'no json', secret)).status).toBe(400);
    expect((await post(path, {}, secret)).status).toBe(422);
    expect((await post(path, { update_id: 7, hologram: { x: 1 } }, secret)).status).toBe(200);
    expect((await post(path, { update_id: 8, message: 'strange' }, secret)).status).toBe(200);
  });
});
