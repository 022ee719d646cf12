import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { ROOT } from '../../stack/paths.ts';
import { temporaryFolder } from '../support/temp-folder.ts';

const SCRIPT = fileURLToPath(new URL('../../stack/complete-lock.mjs', import.meta.url));

const complete = (file: string): string => execFileSync(process.execPath, [SCRIPT, file], { encoding: 'utf8' });

test('packages of other platforms that a partial registry left out are entered with their platform', () => {
  const file = join(temporaryFolder(), 'package-lock.json');
  const optionalDependencies = {
    '@fast/tool-darwin-arm64': '2.0.0',
    '@fast/tool-linux-x64-musl': '^2.0.0',
    '@fast/tool-linux-x64-gnu': '2.0.0',
    'plain-extra': '1.0.0',
  };
  const present = { version: '2.0.0', optional: true };
  const packages = {
    '': { name: 'x' },
    'node_modules/@fast/tool': { version: '2.0.0', dev: true, optionalDependencies },
    'node_modules/@fast/tool-linux-x64-gnu': present,
  };
  writeFileSync(file, JSON.stringify({ lockfileVersion: 3, packages }));

  complete(file);

  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({
    lockfileVersion: 3,
    packages: {
      ...packages,
      'node_modules/@fast/tool-darwin-arm64': {
        version: '2.0.0',
        cpu: ['arm64'],
        dev: true,
        optional: true,
        os: ['darwin'],
      },
      'node_modules/@fast/tool-linux-x64-musl': {
        version: '2.0.0',
        cpu: ['x64'],
        dev: true,
        libc: ['musl'],
        optional: true,
        os: ['linux'],
      },
    },
  });
});

test('the lockfile of this repository is complete: npm ci refuses one that is not', () => {
  const copy = join(temporaryFolder(), 'package-lock.json');
  writeFileSync(copy, readFileSync(join(ROOT, 'package-lock.json')));

  expect(complete(copy)).toContain('names every platform');
});
