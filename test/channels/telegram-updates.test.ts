import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { newId } from '../../shared/contracts/ids.ts';
import { callbackData, parseTelegramUpdate } from '../../shared/contracts/telegram.ts';

const chat = { id: 77, type: 'private' };
const from = { id: 77, first_name: 'Mira', last_name: 'Sol', language_code: 'de' };
const message = (more: object) => ({ update_id: 5, message: { message_id: 1, chat, from, ...more } });
const sender = { externalId: '5', chatId: '77', firstName: 'Mira Sol', languageCode: 'de' };

describe('what an update means', () => {
  test.each([
    ['/start', { kind: 'start', code: null }],
    ['/start abc-DEF_1', { kind: 'start', code: 'abc-DEF_1' }],
    ['/start@our_bot  abc', { kind: 'start', code: 'abc' }],
    ['/pause', { kind: 'command', text: '/pause' }],
    ['/starting now', { kind: 'command', text: '/starting now' }],
    ['Well, /start is a word', { kind: 'text', text: 'Well, /start is a word' }],
    ['a\u0000b\ud800', { kind: 'text', text: 'ab\ufffd' }],
  ])('%j', (text, expected) => {
    expect(parseTelegramUpdate(message({ text }))).toEqual({ ...sender, ...expected });
  });

  test('a sticker, a photo, a thing yet unknown', () => {
    expect(parseTelegramUpdate(message({ sticker: {} }))).toEqual({ ...sender, kind: 'other', what: 'sticker' });
    expect(parseTelegramUpdate(message({ photo: [], caption: 'x' }))).toEqual({
      ...sender,
      kind: 'other',
      what: 'photo',
    });
    expect(parseTelegramUpdate(message({ hologram: {} }))).toEqual({ ...sender, kind: 'other', what: 'message' });
  });

  test('an edited message', () => {
    const edited = { update_id: 5, edited_message: message({ text: 'no' }).message };
    expect(parseTelegramUpdate(edited)).toEqual({ ...sender, kind: 'other', what: 'edited_message' });
  });

  test('a press of our button, and of a strange one', () => {
    const messageId = newId();
    const press = (data: string) =>
      parseTelegramUpdate({ update_id: 5, callback_query: { id: '9', from, message: { message_id: 3, chat }, data } });
    expect(press(callbackData(messageId, 7))).toEqual({
      ...{ ...sender, kind: 'button', callbackId: '9', questionMessageId: 3, press: { messageId, index: 7 } },
    });
    expect(press('b:nonsense:1')).toMatchObject({ kind: 'button', press: null });
  });

  test('being blocked', () => {
    const blocked = { update_id: 5, my_chat_member: { chat, new_chat_member: { status: 'kicked' } } };
    expect(parseTelegramUpdate(blocked)).toMatchObject({ kind: 'membership', blocked: true });
  });

  test('groups and channel posts are not for us', () => {
    const group = message({ text: '/start', chat: { id: -1, type: 'supergroup' } });
    expect(parseTelegramUpdate(group)).toEqual({ kind: 'ignored', externalId: '5' });
    expect(parseTelegramUpdate({ update_id: 5, channel_post: {} })).toEqual({ kind: 'ignored', externalId: '5' });
  });

  test('anything at all gives an answer', () => {
    const content = fc.record(
      {
        message: fc.jsonValue(),
        callback_query: fc.jsonValue(),
        edited_message: fc.jsonValue(),
        my_chat_member: fc.jsonValue(),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(content, (some) => {
        expect(parseTelegramUpdate({ update_id: 5, ...some })).toHaveProperty('externalId', '5');
      }),
    );
  });
});

test('callback_data fits into 64 bytes for every button that a message may have', () => {
  expect(Buffer.byteLength(callbackData(newId(), 99))).toBeLessThanOrEqual(64);
});
