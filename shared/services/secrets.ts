/** Secrets at rest, as text that names its key. */
import { parseKeyRing } from '../crypto/key-ring.ts';

export interface Vault {
  /** Encrypts with the first key: `<keyId>.<base64url>`. */
  seal(text: string): string;
  /** Decrypts what `seal` gave, also under an older key. Throws on an unknown key and on anything that was tampered with. */
  open(sealed: string): string;
}

/** Makes a vault of CAIRN_ENCRYPTION_KEYS; throws where they are malformed. */
export const createVault = (keys: string): Vault => {
  const ring = parseKeyRing(keys);
  return {
    seal: (text) => `${ring.currentId}.${ring.encrypt(Buffer.from(text, 'utf8')).toString('base64url')}`,
    open: (sealed) => {
      const dot = sealed.indexOf('.');
      return ring.decrypt(sealed.slice(0, dot), Buffer.from(sealed.slice(dot + 1), 'base64url')).toString('utf8');
    },
  };
};
