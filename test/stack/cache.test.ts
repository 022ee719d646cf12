import { readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { obtain, partDir } from '../../stack/parts/cache.ts';
import { obtainAll } from '../../stack/parts/obtain-all.ts';
import type { Part, Way } from '../../stack/parts/part.ts';
import { temporaryFolder } from '../support/temp-folder.ts';

const { signal } = new AbortController();

/** A part whose way writes one file and counts how often it was gone. */
const countedPart = (more: Partial<Part> = {}) => {
  const calls = { made: 0 };
  const way: Way = {
    how: 'written down',
    needs: [],
    async run(dir) {
      calls.made += 1;
      await new Promise((resolve) => setTimeout(resolve, 50));
      await writeFile(join(dir, 'server'), `made ${calls.made}`);
    },
  };
  const part: Part = { name: 'thing', version: '1', main: 'server', ways: [way], remedy: 'Install thing.', ...more };
  return { part, calls };
};

test('a part is made once and found afterwards, by another clone too', async () => {
  const root = temporaryFolder();
  const { part, calls } = countedPart();

  const first = await obtain(part, { signal, root, parts: new Map() });
  const second = await obtain(part, { signal, root, parts: new Map() });

  expect(first).toEqual({
    source: 'cache',
    version: '1',
    main: join(partDir(part, root), 'server'),
    dir: partDir(part, root),
  });
  expect(second).toEqual(first);
  expect(calls.made).toBe(1);
});

test('two that want a part at once: one makes it, the other waits', async () => {
  const root = temporaryFolder();
  const { part, calls } = countedPart();

  await Promise.all([1, 2].map(() => obtain(part, { signal, root, parts: new Map() })));

  expect(calls.made).toBe(1);
});

test('a damaged file is noticed by its size or its hash, and the part is made anew', async () => {
  const root = temporaryFolder();
  const { part, calls } = countedPart();
  const { main } = await obtain(part, { signal, root, parts: new Map() });

  writeFileSync(main, 'made X');
  await obtain(part, { signal, root, parts: new Map() });

  expect(calls.made).toBe(2);
  expect(readFileSync(main, 'utf8')).toBe('made 2');
});

test('a file with another time but the same bytes is good', async () => {
  const root = temporaryFolder();
  const { part, calls } = countedPart();
  const { main } = await obtain(part, { signal, root, parts: new Map() });

  utimesSync(main, new Date(), new Date(0));
  await obtain(part, { signal, root, parts: new Map() });

  expect(calls.made).toBe(1);
});

test('ways are tried in order; what was half-made by one that failed is gone', async () => {
  const root = temporaryFolder();
  const failing: Way = {
    how: 'guessed',
    needs: [],
    async run(dir) {
      await writeFile(join(dir, 'rubbish'), '');
      throw new Error('no luck');
    },
  };
  const { part } = countedPart();

  const { dir } = await obtain({ ...part, ways: [failing, ...part.ways] }, { signal, root, parts: new Map() });

  expect(() => readFileSync(join(dir, 'rubbish'))).toThrow();
});

test('all parts that cannot be had are named together, with every reason and what to install', async () => {
  const root = temporaryFolder();
  const needy: Way = { how: 'built by magic', needs: ['no-such-command-1'], run: async () => undefined };
  const empty: Way = { how: 'wished for', needs: [], run: async () => undefined };
  const { part: one } = countedPart({ name: 'one', ways: [needy, empty], remedy: 'Install magic.' });
  const { part: two } = countedPart({ name: 'two', ways: [needy], remedy: 'Buy two.' });
  const { part: good, calls } = countedPart();

  await expect(obtainAll([one, two, good], { signal, root })).rejects.toThrow(
    [
      'one 1 cannot be had.\n  - built by magic: needs no-such-command-1\n  - wished for: it gave no server\n  Install magic.',
      'two 1 cannot be had.\n  - built by magic: needs no-such-command-1\n  Buy two.',
    ].join('\n\n'),
  );
  expect(calls.made).toBe(1);
});

test('a part is made after the part it depends on', async () => {
  const { part: base } = countedPart({ name: 'base' });
  const seen: string[] = [];
  const onTop: Way = {
    how: 'put on top',
    needs: [],
    async run(dir, { part }) {
      seen.push(readFileSync(part('base').main, 'utf8'));
      await writeFile(join(dir, 'server'), '');
    },
  };
  const { part: top } = countedPart({ name: 'top', dependsOn: [base], ways: [onTop] });

  const parts = await obtainAll([top], { signal, root: temporaryFolder() });

  expect([...parts.keys()].sort()).toEqual(['base', 'top']);
  expect(seen).toEqual(['made 1']);
});
