/**
 * Payload encryption (design rule 9): what the Temporal server stores is ciphertext; people read it only through our codec server. Metadata
 * names the key, so that keys can be rotated.
 */
import type { Payload, PayloadCodec } from '@temporalio/common';
import proto from '@temporalio/proto';
import type { KeyRing } from '../shared/crypto/key-ring.ts';

const ENCODING = 'binary/encrypted';
const KEY_ID = 'encryption-key-id';
const PayloadMessage = proto.temporal.api.common.v1.Payload;

/** A codec over `ring`. Payloads in another encoding pass through decoding as they are. */
export const createPayloadCodec = (ring: KeyRing): PayloadCodec => ({
  encode: async (payloads) => payloads.map((payload) => encrypt(ring, payload)),
  decode: async (payloads) => payloads.map((payload) => (isEncrypted(payload) ? decrypt(ring, payload) : payload)),
});

const metadataOf = (payload: Payload, name: string): string => Buffer.from(payload.metadata?.[name] ?? []).toString();

const isEncrypted = (payload: Payload): boolean => metadataOf(payload, 'encoding') === ENCODING;

const encrypt = (ring: KeyRing, payload: Payload): Payload => ({
  metadata: { encoding: Buffer.from(ENCODING), [KEY_ID]: Buffer.from(ring.currentId) },
  data: ring.encrypt(PayloadMessage.encode(payload).finish()),
});

const decrypt = (ring: KeyRing, payload: Payload): Payload =>
  PayloadMessage.decode(ring.decrypt(metadataOf(payload, KEY_ID), payload.data ?? new Uint8Array()));
