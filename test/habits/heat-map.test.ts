import fc from 'fast-check';
import { expect, test } from 'vitest';
import { habitHeatMap } from '../../shared/domain/habits/heat-map.ts';
import { drawn, lives, standingOf } from './standing-cases.ts';

const map = (picture: string, unit: string | null = null): string =>
  habitHeatMap({ title: 'Water <3 & "tea"', unit, days: standingOf(drawn(picture, { freezesPerMonth: 1 })).days });

test('each day is a cell that says what it was, under its month, with a legend', () => {
  const svg = map('x..s?x-');
  for (const said of [
    '1 Jun 2026: done',
    '2 Jun 2026: not done, forgiven by a freeze',
    '3 Jun 2026: not done',
    '4 Jun 2026: skipped',
    '5 Jun 2026: not done, and no reminder went out',
    '7 Jun 2026: still open',
  ]) {
    expect(svg).toContain(`<g><title>${said}</title>`);
  }
  expect(svg).toContain('1 Jun 2026 to 7 Jun 2026: done on 2 of 4 days that count');
  expect(svg).toContain('Water &lt;3 &amp; &quot;tea&quot;');
  for (const text of ['Jun 2026', 'Mon', 'Sun', 'begun', 'forgiven', 'open']) expect(svg).toContain(`>${text}<`);
  expect(svg).toContain('prefers-color-scheme:dark');
});

test('an amount is shaded by its share, and said with its unit', () => {
  const { days } = standingOf(drawn('hhh', { measure: { kind: 'amount', target: 2, unit: 'glasses' } }));
  const svg = habitHeatMap({ title: 'Water', unit: 'glasses', days });
  expect(svg).toContain('<title>1 Jun 2026: begun (glasses: 1)</title><rect class="p2"');
});

test('weeks stand side by side, Mondays on top', () => {
  const places = [...map('x'.repeat(15)).matchAll(/<g>.*?x="(\d+(?:\.\d+)?)" y="(\d+(?:\.\d+)?)"/g)].map((found) =>
    found.slice(1),
  );
  expect(new Set(places.map(([x]) => x)).size).toBe(3);
  expect(places[0]?.[1]).toBe(places[7]?.[1]);
  expect(Number(places[6]?.[1]) - Number(places[0]?.[1])).toBe(6 * 18);
});

test('there is a picture of any life, and of none', () => {
  fc.assert(
    fc.property(lives, fc.string(), (life, title) => {
      const { days } = standingOf(life);
      const svg = habitHeatMap({ title, unit: null, days });
      expect(svg.match(/<g><title>/g) ?? []).toHaveLength(days.length);
      expect(svg).not.toMatch(/="[^"]*(NaN|undefined|Infinity)/);
    }),
  );
  expect(habitHeatMap({ title: 'Walk', unit: null, days: [] })).toContain('No days yet');
});
