/** Secrets at rest: AES-256-GCM (NIST SP 800-38D), with the key's id in front so that keys can be turned over. */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { parseKeyRing } from '../crypto/key-ring.ts';

const IV_BYTES = 12;
const TAG_BYTES = 16;

export interface Vault {
  /** Encrypts with the first key: `<keyId>.<base64url of iv, ciphertext and tag>`. */
  seal(text: string): string;
  /** Decrypts what `seal` gave, also under an older key. Throws on an unknown key and on anything that was tampered with. */
  open(sealed: string): string;
}

/**
 * Makes a vault of CAIRN_ENCRYPTION_KEYS: `<id>:<base64 of 32 bytes>`, comma-separated; the first encrypts, all decrypt.
 * @throws Error when a key is malformed, without its bytes.
 */
export const createVault = (keys: string): Vault => {
  const ring = parseKeyRing(keys);
  return {
    seal(text) {
      const { id, key } = ring.current;
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv('aes-256-gcm', key, iv);
      cipher.setAAD(Buffer.from(id));
      const sealed = Buffer.concat([iv, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
      return `${id}.${sealed.toString('base64url')}`;
    },
    open(sealed) {
      // The last dot: base64url has none, an id may.
      const dot = sealed.lastIndexOf('.');
      const id = sealed.slice(0, Math.max(dot, 0));
      const key = ring.byId.get(id);
      if (!key) throw new Error('Sealed with a key that is not in CAIRN_ENCRYPTION_KEYS');
      const bytes = Buffer.from(sealed.slice(dot + 1), 'base64url');
      if (bytes.length < IV_BYTES + TAG_BYTES) throw new Error('Not a sealed text');
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, IV_BYTES));
      decipher.setAAD(Buffer.from(id));
      decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
      const opened = decipher.update(bytes.subarray(IV_BYTES, -TAG_BYTES));
      return Buffer.concat([opened, decipher.final()]).toString('utf8');
    },
  };
};
