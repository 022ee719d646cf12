import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTelegramBot, type EmulatedBot } from './telegram/client.ts';
import { startTelegramEmulator, type TelegramEmulator } from './telegram.ts';

let emulator: TelegramEmulator;
beforeAll(async () => {
  emulator = await startTelegramEmulator();
});
afterAll(() => emulator.stop());

interface Answer {
  ok: boolean;
  error_code?: number;
  description?: string;
  parameters?: { retry_after: number };
  result?: unknown;
}

const call = async (token: string, method: string, body: object = {}): Promise<Answer> => {
  const request = { method: 'POST', body: JSON.stringify(body) };
  return (await (await fetch(`${emulator.url}/bot${token}/${method}`, request)).json()) as Answer;
};

const given = async (): Promise<EmulatedBot & { call: (method: string, body?: object) => Promise<Answer> }> => {
  const bot = await createTelegramBot(emulator.url);
  return { ...bot, call: (method, body) => call(bot.token, method, body) };
};

const updates = ({ result }: Answer) => (result as { update_id: number }[]).map((update) => update.update_id);

describe('the emulated Telegram is as strict as the real one', () => {
  test('about tokens', async () => {
    expect((await call(`12345:${'x'.repeat(35)}`, 'getMe')).error_code).toBe(401);
    expect((await call('nonsense', 'getMe')).error_code).toBe(404);
    const bot = await given();
    expect(await bot.call('getMe')).toMatchObject({ ok: true, result: { username: 'cairn_test_bot' } });
    expect((await bot.call('getYou')).error_code).toBe(404);
  });

  test('about who may be written to', async () => {
    const bot = await given();
    expect(await bot.call('sendMessage', { chat_id: 1, text: 'Hi' })).toMatchObject({ error_code: 400 });
    await bot.block(2);
    expect(await bot.call('sendMessage', { chat_id: 2, text: 'Hi' })).toMatchObject({ error_code: 403 });
    await bot.unblock(2);
    expect((await bot.call('sendMessage', { chat_id: 2, text: 'Hi' })).description).toContain("can't initiate");
    await bot.userSends(2, '/start');
    expect(await bot.call('sendMessage', { chat_id: 2, text: 'Hi' })).toMatchObject({ ok: true });
  });

  test.each([
    [{ text: 'x'.repeat(4097) }, 'message is too long'],
    [{ text: '' }, 'text is empty'],
    [{ text: 'x', parse_mode: 'HTML' }, 'parse_mode'],
    [
      { text: 'x', reply_markup: { inline_keyboard: [[{ text: 'a', callback_data: 'é'.repeat(33) }]] } },
      'BUTTON_DATA_INVALID',
    ],
    [{ text: 'x', reply_markup: { inline_keyboard: [[{ text: 'a', callback_data: '' }]] } }, 'BUTTON_DATA_INVALID'],
    [{ text: 'x', reply_markup: { inline_keyboard: [[{ text: 'a', url: 'ftp://x' }]] } }, 'BUTTON_URL_INVALID'],
    [{ text: 'x', reply_markup: { inline_keyboard: [[{ text: 'a' }]] } }, 'exactly one'],
  ])('about what may be written: %j', async (body, sentence) => {
    const bot = await given();
    await bot.userSends(1, '/start');
    const refused = await bot.call('sendMessage', { chat_id: 1, ...body });
    expect(refused).toMatchObject({ ok: false, error_code: 400 });
    expect(refused.description).toContain(sentence);
  });

  test('about how much: one message a second for a chat, thirty for a bot', async () => {
    const bot = await given();
    for (let chat = 1; chat <= 40; chat += 1) await bot.userSends(chat, '/start');
    const sends = Array.from({ length: 40 }, (_, index) => bot.call('sendMessage', { chat_id: index + 1, text: 'Hi' }));
    const answers = await Promise.all(sends);
    const taken = answers.filter((one) => one.ok).length;
    expect(taken).toBeGreaterThanOrEqual(30);
    expect(taken).toBeLessThan(40);
    expect(answers.find((one) => !one.ok)).toMatchObject({ error_code: 429, parameters: { retry_after: 1 } });
  });

  test('about reading: what is confirmed is gone, the rest comes again', async () => {
    const bot = await given();
    const [first, second] = [await bot.userSends(1, 'one'), await bot.userSends(1, 'two')];
    expect(updates(await bot.call('getUpdates'))).toEqual([first, second]);
    expect(updates(await bot.call('getUpdates', { limit: 1 }))).toEqual([first]);
    expect(updates(await bot.call('getUpdates', { offset: second }))).toEqual([second]);
    expect(updates(await bot.call('getUpdates', { offset: second + 1 }))).toEqual([]);
  });

  test('about readers: one at a time, and none beside a webhook', async () => {
    const bot = await given();
    const first = bot.call('getUpdates', { timeout: 5 });
    await new Promise((resolve) => setTimeout(resolve, 50));
    const second = bot.call('getUpdates', { timeout: 5 });
    expect(await first).toMatchObject({ error_code: 409 });
    const id = await bot.userSends(1, 'hello');
    expect(updates(await second)).toEqual([id]);
    expect((await bot.call('setWebhook', { url: 'http://example.org/hook' })).description).toContain('HTTPS');
    expect(await bot.call('setWebhook', { url: 'http://127.0.0.1:1/', secret_token: 'not allowed!' })).toMatchObject({
      error_code: 400,
    });
    expect(await bot.call('setWebhook', { url: 'http://127.0.0.1:1/', secret_token: 'abc' })).toMatchObject({
      ok: true,
    });
    expect(await bot.call('getUpdates')).toMatchObject({ error_code: 409 });
    expect(await bot.call('deleteWebhook')).toMatchObject({ ok: true });
    expect(await bot.call('getUpdates', { offset: id + 1 })).toMatchObject({ ok: true });
  });

  test('about pressed buttons and edits', async () => {
    const bot = await given();
    await bot.userSends(1, '/start');
    const reply_markup = { inline_keyboard: [[{ text: 'Yes', callback_data: 'y' }]] };
    const sent = await bot.call('sendMessage', { chat_id: 1, text: 'Well?', reply_markup });
    const { message_id } = sent.result as { message_id: number };
    await bot.userPresses(1, message_id, 'Yes');
    const { result } = await bot.call('getUpdates');
    const query = (result as { callback_query?: { id: string; data: string } }[]).at(-1)?.callback_query;
    expect(query?.data).toBe('y');
    expect(await bot.call('answerCallbackQuery', { callback_query_id: query?.id })).toMatchObject({ ok: true });
    expect(await bot.call('answerCallbackQuery', { callback_query_id: query?.id })).toMatchObject({ error_code: 400 });
    const drop = { chat_id: 1, message_id };
    expect(await bot.call('editMessageReplyMarkup', drop)).toMatchObject({ ok: true });
    expect((await bot.call('editMessageReplyMarkup', drop)).description).toContain('not modified');
  });

  test('and knows when each message came, to people who had met the bot before', async () => {
    const bot = await given();
    await bot.meets([1, 2, 3]);
    const before = Date.now();
    for (const chat of [1, 2])
      expect(await bot.call('sendMessage', { chat_id: chat, text: 'Hi' })).toMatchObject({ ok: true });
    const arrivals = new Map(await bot.arrivals());
    expect([1, 2, 3].map((chat) => arrivals.get(chat)?.length)).toEqual([1, 1, 0]);
    expect(arrivals.get(1)?.[0]).toBeGreaterThanOrEqual(before);
    expect(arrivals.get(2)?.[0]).toBeLessThanOrEqual(Date.now());
    expect(updates(await bot.call('getUpdates'))).toEqual([]);
  });

  test('and keeps a record of every send, with what became of it', async () => {
    const bot = await given();
    await bot.userSends(1, '/start');
    await bot.failNext('500', true);
    await bot.call('sendMessage', { chat_id: 1, text: 'taken, but told otherwise' });
    const { sends } = await bot.look();
    expect(sends).toMatchObject([{ status: 500, accepted: true, body: { text: 'taken, but told otherwise' } }]);
  });
});

test('it runs alone, for tests that kill what talks to it', async () => {
  const child = spawn(process.execPath, [fileURLToPath(new URL('telegram.ts', import.meta.url)), '--port', '0']);
  const line = await new Promise<string>((resolve) => child.stdout.once('data', (data) => resolve(String(data))));
  const [url = ''] = /http:\S+/.exec(line) ?? [];
  const bot = await createTelegramBot(url, 'alone_bot');
  expect((await bot.look()).username).toBe('alone_bot');
  child.kill();
  await new Promise((resolve) => child.once('exit', resolve));
});
