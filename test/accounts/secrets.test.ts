import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createVault } from '../../shared/services/secrets.ts';

const key = (id: string) => `${id}:${randomBytes(32).toString('base64')}`;

describe('the vault', () => {
  test('opens what it sealed, and never seals alike', () => {
    const vault = createVault(key('a'));
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const sealed = vault.seal(text);
        expect(vault.open(sealed)).toBe(text);
        expect(vault.seal(text)).not.toBe(sealed);
      }),
    );
  });

  test('opens under an older key, and seals under the first', () => {
    const [older, newer] = [key('2025'), key('generated-2')];
    const sealed = createVault(older).seal('a token');
    const both = createVault(`${newer},${older}`);
    expect(both.open(sealed)).toBe('a token');
    expect(both.seal('x')).toMatch(/^generated-2\./);
    expect(both.open(both.seal('x'))).toBe('x');
    expect(() => createVault(newer).open(sealed)).toThrow(/not in CAIRN_ENCRYPTION_KEYS/);
  });

  test('notices any change', () => {
    const ring = `${key('a')},${key('b')}`;
    const vault = createVault(ring);
    const sealed = vault.seal('a token');
    fc.assert(
      fc.property(fc.nat(sealed.length - 3), (at) => {
        const other = sealed[at] === 'A' ? 'B' : 'A';
        expect(() => vault.open(sealed.slice(0, at) + other + sealed.slice(at + 1))).toThrow();
      }),
    );
    for (const broken of ['', 'a', 'a.', 'a.AAAA', `b.${sealed.slice(2)}`]) expect(() => vault.open(broken)).toThrow();
  });

  test('refuses keys that are none, without showing them', () => {
    expect(() => createVault('a:c2hvcnQ=')).toThrow(/^((?!c2hvcnQ).)*$/);
  });
});
