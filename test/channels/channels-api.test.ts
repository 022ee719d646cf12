import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ChannelView } from '../../shared/contracts/channels.ts';
import { Channel } from '../../shared/db/entities/channels.ts';
import { createTelegramBot } from '../emulators/telegram/client.ts';
import { startTelegramEmulator, type TelegramEmulator } from '../emulators/telegram.ts';
import { type ChannelApi, startChannelApi } from '../support/channel-api.ts';
import { givenCreator } from '../support/factories.ts';

let emulator: TelegramEmulator;
let api: ChannelApi;
beforeAll(async () => {
  emulator = await startTelegramEmulator();
  api = await startChannelApi(emulator.url);
});
afterAll(() => Promise.all([api.stop(), emulator.stop()]));

const given = async (username = 'ada_bot') => {
  const creator = await givenCreator(api.deps.orm);
  const bot = await createTelegramBot(emulator.url, username);
  const call = await api.as(creator);
  const request = { kind: 'telegram', name: 'Ada on Telegram', token: bot.token, mode: 'webhook' };
  const connect = async (more: object = {}) => {
    const response = await call('POST', '/v1/channels', { ...request, ...more });
    return { status: response.status, body: (await response.json()) as ChannelView & { errors?: { path: string }[] } };
  };
  return { creator, bot, call, connect };
};

describe('connecting a Telegram bot', () => {
  test('asks who it is, sets its webhook and its commands, and never shows the token', async () => {
    const { bot, call, connect } = await given();
    const { status, body } = await connect({ timeZone: 'Europe/Berlin' });
    expect(status).toBe(201);
    expect(body.telegram).toEqual({
      ...{ botUsername: 'ada_bot', mode: 'webhook', timeZone: 'Europe/Berlin', link: 'https://t.me/ada_bot' },
    });
    const there = await bot.look();
    expect(there.webhook?.url).toBe(`${api.url}/webhooks/telegram/${body.id}`);
    expect(there.webhook?.secretToken).toMatch(/^[\w-]{43}$/);
    expect(there.commands.map((one) => one.command)).toEqual(['help', 'pause', 'resume', 'catchup', 'stop']);
    const shown = await (await call('GET', '/v1/channels')).text();
    expect(shown + JSON.stringify(body)).not.toContain(bot.token);
    expect(shown).not.toContain(there.webhook?.secretToken);
  });

  test('keeps the token encrypted', async () => {
    const { creator, bot, connect } = await given();
    const { body } = await connect();
    const row = await creator.em().findOneOrFail(Channel, { id: body.id }, { populate: ['secret'] });
    expect(row.secret).not.toContain(bot.token);
    expect(api.deps.vault.open(row.secret ?? '')).toContain(bot.token);
  });

  test('in polling mode sets no webhook', async () => {
    const { bot, connect } = await given();
    expect((await connect({ mode: 'polling' })).status).toBe(201);
    expect((await bot.look()).webhook).toBeNull();
  });

  test('twice is a conflict; after it was removed it comes back as the same channel', async () => {
    const { bot, call, connect } = await given();
    const first = await connect();
    expect((await connect()).status).toBe(409);
    expect((await call('DELETE', `/v1/channels/${first.body.id}`)).status).toBe(204);
    expect((await bot.look()).webhook).toBeNull();
    expect((await call('GET', `/v1/channels/${first.body.id}`)).status).toBe(404);
    const again = await connect();
    expect(again).toMatchObject({ status: 201, body: { id: first.body.id } });
  });

  test('with a token that Telegram does not know leaves nothing behind', async () => {
    const { call, connect } = await given();
    expect((await connect({ token: `12345:${'x'.repeat(35)}` })).status).toBe(422);
    const { items } = (await (await call('GET', '/v1/channels')).json()) as { items: ChannelView[] };
    expect(items.map((one) => one.kind)).toEqual(['web']);
  });

  test('while Telegram is out of order leaves nothing behind', async () => {
    const { bot, call, connect } = await given();
    await bot.failNext('500', false, 'setWebhook');
    expect((await connect()).status).toBe(503);
    const { items } = (await (await call('GET', '/v1/channels')).json()) as { items: ChannelView[] };
    expect(items).toHaveLength(1);
  });

  test.each([
    [{ token: 'nonsense' }, 'token'],
    [{ mode: 'telepathy' }, 'mode'],
    [{ timeZone: 'Mars/Olympus' }, 'timeZone'],
    [{ name: ' ' }, 'name'],
    [{ color: 'blue' }, 'color'],
  ])('with %j names the field', async (more, path) => {
    const { connect } = await given();
    const { status, body } = await connect(more);
    expect(status).toBe(422);
    expect(body.errors?.map((one) => one.path)).toEqual([path]);
  });

  test('is the owner’s business; the web chat stays; other creators see nothing', async () => {
    const { creator, bot, call, connect } = await given();
    const { body } = await connect();
    const editor = await api.as(creator, 'editor');
    const request = { kind: 'telegram', name: 'x', token: bot.token, mode: 'polling' };
    expect((await editor('POST', '/v1/channels', request)).status).toBe(403);
    expect((await editor('DELETE', `/v1/channels/${body.id}`)).status).toBe(403);
    expect((await call('DELETE', `/v1/channels/${creator.webChannelId}`)).status).toBe(409);
    const stranger = await api.as(await givenCreator(api.deps.orm));
    expect((await stranger('GET', `/v1/channels/${body.id}`)).status).toBe(404);
    expect((await stranger('DELETE', `/v1/channels/${body.id}`)).status).toBe(404);
  });
});
