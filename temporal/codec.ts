/**
 * Payload encryption (design rule 9): what the Temporal server stores is AES-256-GCM; the server's operators read it only through our
 * codec server. Metadata names the key, so that keys can be rotated: the first of the ring encrypts, every one decrypts.
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { Payload, PayloadCodec } from '@temporalio/common';
import proto from '@temporalio/proto';
import type { KeyRing } from '../shared/crypto/key-ring.ts';

const ENCODING = 'binary/encrypted';
const IV_BYTES = 12;
const TAG_BYTES = 16;
const PayloadMessage = proto.temporal.api.common.v1.Payload;

/** A codec over `ring`. Payloads in another encoding pass through decoding as they are. */
export const createPayloadCodec = (ring: KeyRing): PayloadCodec => ({
  encode: async (payloads) => payloads.map((payload) => encrypt(ring, payload)),
  decode: async (payloads) => payloads.map((payload) => (isEncrypted(payload) ? decrypt(ring, payload) : payload)),
});

const isEncrypted = (payload: Payload) => Buffer.from(payload.metadata?.encoding ?? []).toString() === ENCODING;

const encrypt = ({ current }: KeyRing, payload: Payload): Payload => {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', current.key, iv);
  const body = Buffer.concat([cipher.update(PayloadMessage.encode(payload).finish()), cipher.final()]);
  return {
    metadata: { encoding: Buffer.from(ENCODING), 'encryption-key-id': Buffer.from(current.id) },
    data: Buffer.concat([iv, body, cipher.getAuthTag()]),
  };
};

const decrypt = ({ byId }: KeyRing, payload: Payload): Payload => {
  const id = Buffer.from(payload.metadata?.['encryption-key-id'] ?? []).toString();
  const key = byId.get(id);
  if (!key) throw new Error(`A payload was encrypted with the key '${id}', which is not in CAIRN_ENCRYPTION_KEYS`);
  const data = Buffer.from(payload.data ?? []);
  const decipher = createDecipheriv('aes-256-gcm', key, data.subarray(0, IV_BYTES));
  decipher.setAuthTag(data.subarray(data.length - TAG_BYTES));
  const body = data.subarray(IV_BYTES, data.length - TAG_BYTES);
  return PayloadMessage.decode(Buffer.concat([decipher.update(body), decipher.final()]));
};
