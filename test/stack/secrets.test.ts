import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { refuseGeneratedInProduction } from '../../stack/app-environment.ts';
import { generatedIn, loadSecrets } from '../../stack/secrets.ts';
import { temporaryFolder } from '../support/temp-folder.ts';

const modeOf = (file: string): string => (statSync(file).mode & 0o777).toString(8);

test('secrets are made once, kept, and readable by their owner alone', () => {
  const file = join(temporaryFolder(), 'data', 'secrets.json');

  const first = loadSecrets(file);
  const second = loadSecrets(file);

  expect(second).toEqual(first);
  expect(modeOf(file)).toBe('600');
  expect(modeOf(join(file, '..'))).toBe('700');
  expect(new Set(Object.values(first)).size).toBe(Object.keys(first).length);
});

test('a file that others may read is closed to them again', () => {
  const file = join(temporaryFolder(), 'secrets.json');
  loadSecrets(file);
  chmodSync(file, 0o644);

  loadSecrets(file);

  expect(modeOf(file)).toBe('600');
});

test('a secret that an older file lacks is added, the others stay', () => {
  const file = join(temporaryFolder(), 'secrets.json');
  const { CAIRN_OPS_PASSWORD, ...older } = loadSecrets(file);
  writeFileSync(file, JSON.stringify(older));

  const loaded = loadSecrets(file);

  expect(loaded).toMatchObject(older);
  expect(loaded.CAIRN_OPS_PASSWORD).not.toBe(CAIRN_OPS_PASSWORD);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(loaded);
});

test('a damaged file is named and not replaced: the data are locked by its passwords', () => {
  const file = join(temporaryFolder(), 'secrets.json');
  writeFileSync(file, '{"CAIRN_JWT');

  expect(() => loadSecrets(file)).toThrow(`${file} cannot be read`);
});

test('every generated secret carries the mark by which production refuses it', () => {
  const secrets = loadSecrets(join(temporaryFolder(), 'secrets.json'));

  expect(generatedIn(secrets)).toEqual(Object.keys(secrets));
  expect(() => refuseGeneratedInProduction({ NODE_ENV: 'production', ...secrets })).toThrow('CAIRN_JWT_SECRET');
  expect(() => refuseGeneratedInProduction({ NODE_ENV: 'development', ...secrets })).not.toThrow();
  expect(() => refuseGeneratedInProduction({ NODE_ENV: 'production', CAIRN_JWT_SECRET: 'own' })).not.toThrow();
});

test('the encryption key is 32 bytes in the form that the configuration reads', () => {
  const { CAIRN_ENCRYPTION_KEYS } = loadSecrets(join(temporaryFolder(), 'secrets.json'));

  const [id, key] = CAIRN_ENCRYPTION_KEYS.split(':');

  expect(id).toBe('generated-1');
  expect(Buffer.from(key as string, 'base64')).toHaveLength(32);
});
