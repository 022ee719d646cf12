/** The keys that encrypt what is stored, payloads in Temporal and secrets in Postgres: AES-256-GCM (NIST SP 800-38D). */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;

export interface KeyRing {
  /** Id of the key that encrypts; it is kept with what it encrypted and is bound to it. */
  currentId: string;
  /** Encrypts with the current key: initialization vector, ciphertext and tag. */
  encrypt(plain: Uint8Array): Buffer;
  /** Decrypts what `encrypt` gave under the key of that id. Throws on an unknown key and on anything that was tampered with. */
  decrypt(keyId: string, sealed: Uint8Array): Buffer;
}

/**
 * Parses `<id>:<base64 of 32 bytes>`, comma-separated: the first key encrypts, all decrypt.
 * Throws an Error that names the id (never the key) of an entry that is wrong.
 */
export const parseKeyRing = (keys: string): KeyRing => {
  const ring = new Map(keys.split(',').map(parseEntry));
  const [currentId] = ring.keys();
  if (currentId === undefined) throw new Error('CAIRN_ENCRYPTION_KEYS holds no key');
  const keyOf = (id: string): Buffer => {
    const key = ring.get(id);
    if (!key) throw new Error(`Encrypted with the key '${id}', which is not in CAIRN_ENCRYPTION_KEYS`);
    return key;
  };
  return {
    currentId,
    encrypt: (plain) => {
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv('aes-256-gcm', keyOf(currentId), iv).setAAD(Buffer.from(currentId));
      return Buffer.concat([iv, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
    },
    decrypt: (keyId, sealed) => {
      if (sealed.length < IV_BYTES + TAG_BYTES) throw new Error('Too short to be something that was encrypted');
      const bytes = Buffer.from(sealed);
      const decipher = createDecipheriv('aes-256-gcm', keyOf(keyId), bytes.subarray(0, IV_BYTES));
      decipher.setAAD(Buffer.from(keyId)).setAuthTag(bytes.subarray(-TAG_BYTES));
      return Buffer.concat([decipher.update(bytes.subarray(IV_BYTES, -TAG_BYTES)), decipher.final()]);
    },
  };
};

const parseEntry = (entry: string): [id: string, key: Buffer] => {
  const [id = '', base64 = ''] = entry.trim().split(':');
  const key = Buffer.from(base64, 'base64');
  if (!/^[\w-]{1,40}$/.test(id) || key.length !== KEY_BYTES) {
    throw new Error(`CAIRN_ENCRYPTION_KEYS: '${id.slice(0, 40)}' is not '<id>:<base64 of 32 bytes>'`);
  }
  return [id, key];
};
