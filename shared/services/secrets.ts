/** Secrets at rest: AES-256-GCM (NIST SP 800-38D), with the key's id in front so that keys can be turned over. */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

const IV_BYTES = 12;
const TAG_BYTES = 16;

export interface Vault {
  /** Encrypts with the first key: `<keyId>.<base64url of iv, ciphertext and tag>`. */
  seal(text: string): string;
  /** Decrypts what `seal` gave, also under an older key. Throws on an unknown key and on anything that was tampered with. */
  open(sealed: string): string;
}

/**
 * Makes a vault of `<id>:<base64 of 32 bytes>` keys, comma-separated: the first encrypts, all decrypt.
 * @throws Error that names the key (never its bytes) when one is malformed.
 */
export const createVault = (keys: string): Vault => {
  const ring = parseKeys(keys);
  const [first] = ring;
  if (!first) throw new Error('CAIRN_ENCRYPTION_KEYS holds no key');
  const [currentId, currentKey] = first;
  return {
    seal(text) {
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv('aes-256-gcm', currentKey, iv);
      cipher.setAAD(Buffer.from(currentId));
      const sealed = Buffer.concat([iv, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
      return `${currentId}.${sealed.toString('base64url')}`;
    },
    open(sealed) {
      const dot = sealed.indexOf('.');
      const keyId = sealed.slice(0, dot);
      const key = ring.get(keyId);
      if (!key) throw new Error('Sealed with a key that is not in CAIRN_ENCRYPTION_KEYS');
      const bytes = Buffer.from(sealed.slice(dot + 1), 'base64url');
      if (bytes.length < IV_BYTES + TAG_BYTES) throw new Error('Not a sealed text');
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, IV_BYTES));
      decipher.setAAD(Buffer.from(keyId));
      decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
      const opened = decipher.update(bytes.subarray(IV_BYTES, -TAG_BYTES));
      return Buffer.concat([opened, decipher.final()]).toString('utf8');
    },
  };
};

const parseKeys = (keys: string): Map<string, Buffer> => {
  const ring = new Map<string, Buffer>();
  for (const entry of keys.split(',')) {
    const [id = '', base64 = ''] = entry.trim().split(':');
    const key = Buffer.from(base64, 'base64');
    if (!/^[\w-]{1,40}$/.test(id) || key.length !== 32) {
      throw new Error(`CAIRN_ENCRYPTION_KEYS: '${id.slice(0, 40)}' is not '<id>:<base64 of 32 bytes>'`);
    }
    ring.set(id, key);
  }
  return ring;
};
