import { randomBytes } from 'node:crypto';
import { defaultPayloadConverter, type Payload } from '@temporalio/common';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseKeyRing } from '../../shared/crypto/key-ring.ts';
import { createPayloadCodec } from '../../temporal/codec.ts';

const key = (id: string) => `${id}:${randomBytes(32).toString('base64')}`;
const codecOf = (...keys: string[]) => createPayloadCodec(parseKeyRing(keys.join(',')));
const metadata = (payload: Payload | undefined, name: string) =>
  Buffer.from(payload?.metadata?.[name] ?? []).toString();

/** As they lie after protobuf: bytes of one kind. */
const plainly = (payloads: Payload[]) =>
  payloads.map(({ metadata, data }) => ({
    metadata: Object.fromEntries(
      Object.entries(metadata ?? {}).map(([name, value]) => [name, Buffer.from(value ?? [])]),
    ),
    data: Buffer.from(data ?? []),
  }));

const bytes = fc.uint8Array({ maxLength: 200 });
const anyPayload: fc.Arbitrary<Payload> = fc.record({
  metadata: fc.dictionary(
    fc.string({ minLength: 1 }).filter((name) => name !== '__proto__'),
    bytes,
    { maxKeys: 4 },
  ),
  data: bytes,
});

describe('the payload codec', () => {
  it('gives back what it took, whatever that was', async () => {
    const codec = codecOf(key('a'));
    await fc.assert(
      fc.asyncProperty(fc.array(anyPayload, { maxLength: 4 }), async (payloads) => {
        expect(plainly(await codec.decode(await codec.encode(payloads)))).toEqual(plainly(payloads));
      }),
    );
  });

  it('shows the server nothing but the key’s name, and never the same twice', async () => {
    const codec = codecOf(key('a'));
    const secret = defaultPayloadConverter.toPayload({ text: 'I feel calm today' });
    const [first, second] = await codec.encode([secret, secret]);
    expect(metadata(first, 'encoding')).toBe('binary/encrypted');
    expect(metadata(first, 'encryption-key-id')).toBe('a');
    expect(Object.keys(first?.metadata ?? {})).toHaveLength(2);
    expect(Buffer.from(first?.data ?? []).includes('calm')).toBe(false);
    expect(first?.data).not.toEqual(second?.data);
  });

  it('reads what older keys wrote, and writes with the first', async () => {
    const [older, newer] = [key('2025'), key('2026')];
    const payload = defaultPayloadConverter.toPayload('calm');
    const written = await codecOf(older).encode([payload]);
    const rotated = codecOf(newer, older);

    expect(plainly(await rotated.decode(written))).toEqual(plainly([payload]));
    expect(metadata((await rotated.encode([payload]))[0], 'encryption-key-id')).toBe('2026');
    await expect(codecOf(newer).decode(written)).rejects.toThrow(/'2025'.*not in CAIRN_ENCRYPTION_KEYS/);
  });

  it('lets payloads pass that were never encrypted', async () => {
    const payloads = [defaultPayloadConverter.toPayload('typed in the UI'), {}, { metadata: {} }];
    expect(await codecOf(key('a')).decode(payloads)).toEqual(payloads);
  });

  it('notices what was changed on the way', async () => {
    const codec = codecOf(key('a'), key('b'));
    const [sealed] = await codec.encode([defaultPayloadConverter.toPayload('calm')]);
    const data = Buffer.from(sealed?.data ?? []);
    await fc.assert(
      fc.asyncProperty(fc.nat(data.length - 1), fc.integer({ min: 1, max: 255 }), async (at, flip) => {
        const changed = Buffer.from(data);
        changed[at] = (changed[at] ?? 0) ^ flip;
        await expect(codec.decode([{ ...sealed, data: changed }])).rejects.toThrow();
      }),
    );
    const otherKey = { ...sealed?.metadata, 'encryption-key-id': Buffer.from('b') };
    await expect(codec.decode([{ ...sealed, metadata: otherKey }])).rejects.toThrow();
  });
});
