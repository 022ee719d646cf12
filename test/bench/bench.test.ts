/** What a bench prints; figures are judged by people, not by a test. */
import { describe, expect, it } from 'vitest';
import { compared, comparedAsSpeed, percentile } from './line.ts';
import { benchSimulate } from './simulate.ts';

describe('a bench', () => {
  it('gives a line for each figure', { timeout: 60_000 }, async () => {
    const figures = { value: expect.any(Number), baseline: expect.any(Number), ratio: expect.any(Number), runs: 5 };
    expect(JSON.parse(JSON.stringify(await benchSimulate()))).toEqual([
      { bench: 'simulate', ...figures, unit: 'personas/s of 12 weeks' },
      { bench: 'simulate.report', ...figures, unit: 's for 1,000 personas of 12 weeks' },
    ]);
  });
});

describe('figures', () => {
  const runs = { bench: 'b', subject: [40, 20, 30], baseline: [70, 60, 50], unit: 'u' };

  it('are medians of the runs, and their ratio', () => {
    expect(compared(runs)).toEqual({ bench: 'b', value: 30, baseline: 60, ratio: 0.5, unit: 'u', runs: 3 });
  });

  it('of times compare as speeds', () => {
    expect(comparedAsSpeed(runs)).toMatchObject({ value: 30, baseline: 60, ratio: 2 });
  });

  it('lie between the two nearest where a percentile falls between them', () => {
    expect(percentile([1, 2, 3, 4], 50)).toBe(2.5);
    expect(percentile([5], 99)).toBe(5);
    expect(() => percentile([], 50)).toThrow();
  });
});
