/** Secrets and codes that nobody can guess, and how they are kept. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

const SECRET_BYTES = 32;

/** 256 random bits, base64url, after a prefix that secret scanners can recognize. */
export const newSecret = (prefix: string): string => `${prefix}${randomBytes(SECRET_BYTES).toString('base64url')}`;

/** SHA-256, hex: enough for secrets with 256 bits of entropy of their own. */
export const digest = (secret: string): string => createHash('sha256').update(secret).digest('hex');

/** Compares two digests in constant time. */
export const sameDigest = (a: string, b: string): boolean =>
  a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));

/** Without letters and digits that look alike (Crockford's Base32), for codes that people may read or type. */
const CODE_ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

/** A code of `length` characters with 5 random bits each, lower-case. */
export const newCode = (length: number): string =>
  Array.from(randomBytes(length), (byte) => CODE_ALPHABET[byte % CODE_ALPHABET.length]).join('');
