/** The emulator keeps SendGrid's rules: what it lets through, the real one would take. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type SendGridEmulator, startSendGridEmulator } from './sendgrid.ts';

let emulator: SendGridEmulator;
beforeAll(async () => {
  emulator = await startSendGridEmulator();
});
afterAll(() => emulator.stop());

const mail = {
  personalizations: [{ to: [{ email: 'mira@example.org' }] }],
  from: { email: 'ada@example.org', name: 'Ada' },
  subject: 'Day one',
  content: [
    { type: 'text/plain', value: 'Hello' },
    { type: 'text/html', value: '<p>Hello</p>' },
  ],
  custom_args: { delivery_id: 'x' },
};

const post = (key: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(`${emulator.url}/v3/mail/send`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });

describe('sending', () => {
  test('is answered 202 with nothing but an id', async () => {
    const key = emulator.account();
    const response = await post(key, mail);
    expect(response.status).toBe(202);
    expect(await response.text()).toBe('');
    expect(response.headers.get('x-message-id')).toBe(emulator.mails(key)[0]?.id);
  });

  test.each([
    ['nobody to send to', { personalizations: [] }, 'personalizations'],
    ['an address that is none', { personalizations: [{ to: [{ email: 'mira' }] }] }, 'personalizations.0.to.0.email'],
    ['no sender', { from: undefined }, 'from'],
    ['an empty subject', { subject: '' }, 'subject'],
    ['no content', { content: [] }, 'content'],
    ['HTML before plain text', { content: [...mail.content].reverse() }, 'content'],
    ['empty content', { content: [{ type: 'text/plain', value: '' }] }, 'content.0.value'],
    ['custom arguments of 10,000 bytes', { custom_args: { x: 'x'.repeat(10_000) } }, 'custom_args'],
  ])('%s is a 400 that names the field', async (_, more, field) => {
    const response = await post(emulator.account(), { ...mail, ...more });
    expect(response.status).toBe(400);
    const { errors } = (await response.json()) as { errors: { field: string; message: string }[] };
    expect(errors[0]).toMatchObject({ field, message: expect.any(String) });
  });

  test('by a key that is unknown is a 401; without the scope, or from another sender, a 403', async () => {
    expect((await post('SG.nobody', mail)).status).toBe(401);
    expect((await post(emulator.account({ scopes: ['stats.read'] }), mail)).status).toBe(403);
    expect((await post(emulator.account({ sender: 'eve@example.org' }), mail)).status).toBe(403);
  });
});
