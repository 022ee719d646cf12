import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SendRefused, type SendRequest } from '../../shared/clients/channels.ts';
import { createSendGridPort } from '../../shared/clients/sendgrid.ts';
import { createSendGridApi } from '../../shared/clients/sendgrid-api.ts';
import { newId } from '../../shared/contracts/ids.ts';
import type { OutgoingMessage } from '../../shared/domain/journeys/messages.ts';
import { type SendGridEmulator, startSendGridEmulator } from '../emulators/sendgrid.ts';

let emulator: SendGridEmulator;
beforeAll(async () => {
  emulator = await startSendGridEmulator();
});
afterAll(() => emulator.stop());

const request = (
  apiKey: string,
  says: Partial<OutgoingMessage> = {},
  more: Partial<SendRequest> = {},
): SendRequest => ({
  ...{ channelId: newId(), deliveryId: newId(), messageId: newId(), address: 'mira@example.org' },
  settings: { fromEmail: 'ada@example.org', fromName: 'Ada' },
  secret: { apiKey },
  message: { text: 'Good morning', buttons: [], email: { subject: 'Day one' }, ...says },
  ...more,
});

const port = (root = emulator.url, timeoutMs?: number) => createSendGridPort(createSendGridApi(root, timeoutMs));

const refusal = async (sending: Promise<unknown>, apiKey: string): Promise<SendRefused> => {
  const caught = await sending.then(
    () => new Error('it was sent'),
    (error: unknown) => error,
  );
  expect(caught).toBeInstanceOf(SendRefused);
  const refused = caught as SendRefused;
  expect(refused.message).not.toContain(apiKey);
  expect(refused.message).not.toContain('@');
  return refused;
};

describe('an email that SendGrid takes', () => {
  test('has subject, text and HTML, and names the delivery but not the person', async () => {
    const apiKey = emulator.account();
    const buttons = [{ label: 'Read', url: 'https://example.org/read' }];
    const sending = request(apiKey, { text: 'Good <morning>\n\nMira', buttons });
    const { providerMessageId } = await port().send(sending);
    expect(emulator.mails(apiKey)).toEqual([
      {
        id: providerMessageId,
        from: { email: 'ada@example.org', name: 'Ada' },
        personalizations: [{ to: [{ email: 'mira@example.org' }] }],
        custom_args: { delivery_id: sending.deliveryId },
        subject: 'Day one',
        content: [
          { type: 'text/plain', value: 'Good <morning>\n\nMira\n\nRead: https://example.org/read' },
          { type: 'text/html', value: expect.stringContaining('<p>Good &lt;morning&gt;</p>\n<p>Mira</p>') },
        ],
      },
    ]);
  });
});

describe('what is known of an email that gave no id', () => {
  test.each([
    ['500', false],
    ['500', true],
    ['reset', false],
    ['reset', true],
    ['hang', true],
  ] as const)('%s (taken: %s): unknown', async (kind, afterAccepting) => {
    const apiKey = emulator.account();
    emulator.failNext({ kind, afterAccepting });
    expect((await refusal(port(emulator.url, 300).send(request(apiKey)), apiKey)).kind).toBe('unknown');
    expect(emulator.mails(apiKey)).toHaveLength(afterAccepting ? 1 : 0);
  });

  test('too many: later, when the limit is lifted', async () => {
    const apiKey = emulator.account();
    emulator.failNext({ kind: '429', afterAccepting: false });
    const refused = await refusal(port().send(request(apiKey)), apiKey);
    expect(refused.kind).toBe('later');
    expect(refused.afterMs).toBeGreaterThanOrEqual(1000);
    expect(refused.afterMs).toBeLessThanOrEqual(3000);
  });

  test('a key that was revoked or may not send, another sender, an address that is none, no text, no key: invalid', async () => {
    const apiKey = emulator.account();
    const mute = emulator.account({ scopes: [] });
    const unknown = `SG.${'x'.repeat(22)}.${'x'.repeat(43)}`;
    const cases: [SendRequest, string][] = [
      [request(unknown), '401'],
      [request(mute), '403'],
      [request(apiKey, {}, { settings: { fromEmail: 'eve@example.org' } }), 'verified Sender'],
      [request(apiKey, {}, { address: 'nowhere' }), 'valid address'],
      [request(apiKey, { text: ' ' }), 'some text'],
      [request(apiKey, {}, { secret: {} }), 'no API key'],
    ];
    for (const [sending, why] of cases) {
      expect(await refusal(port().send(sending), apiKey)).toMatchObject({
        kind: 'invalid',
        message: expect.stringContaining(why),
      });
    }
    expect(emulator.mails(apiKey)).toEqual([]);
  });

  test('nobody listens, or the name is unknown: not reached', async () => {
    const closed = createServer();
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
    const { port: free } = closed.address() as { port: number };
    await new Promise((resolve) => closed.close(resolve));
    const apiKey = emulator.account();
    for (const root of [`http://127.0.0.1:${free}`, 'http://sendgrid.invalid']) {
      expect((await refusal(port(root).send(request(apiKey)), apiKey)).kind).toBe('notReached');
    }
  });
});
