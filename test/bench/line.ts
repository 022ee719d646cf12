/** What a bench says: one JSON line per figure. */

export interface BenchLine {
  bench: string;
  /** Cairn's figure, the median of the runs. */
  value: number;
  /** What it is measured against, in the same run. */
  baseline: number;
  /** How near Cairn comes; what it means for this bench is in docs/bench.md. */
  ratio: number;
  unit: string;
  runs: number;
}

/** The middle one; of an even number the mean of the two in the middle. Throws on none. */
export const median = (values: number[]): number => percentile(values, 50);

/** Linear between the two nearest. Throws on none. */
export const percentile = (values: number[], percent: number): number => {
  if (values.length === 0) throw new Error('There is no percentile of nothing');
  const sorted = values.toSorted((a, b) => a - b);
  const at = ((sorted.length - 1) * percent) / 100;
  const below = sorted[Math.floor(at)] ?? 0;
  const above = sorted[Math.ceil(at)] ?? 0;
  return below + (above - below) * (at - Math.floor(at));
};

/** Three significant digits: more would feign a precision that no run has. */
export const rounded = (value: number): number => Number(value.toPrecision(3));

export interface Comparison {
  bench: string;
  subject: number[];
  baseline: number[];
  unit: string;
}

/** The medians of both, and what the first is over the second: of rates more is better, of sizes less. */
export const compared = ({ bench, subject, baseline, unit }: Comparison): BenchLine => {
  const value = median(subject);
  const against = median(baseline);
  return {
    bench,
    value: rounded(value),
    baseline: rounded(against),
    ratio: rounded(value / against),
    unit,
    runs: subject.length,
  };
};

/** As `compared`, of times: the ratio is that of the speeds, so that more is better. */
export const comparedAsSpeed = (comparison: Comparison): BenchLine => {
  const line = compared(comparison);
  return { ...line, ratio: rounded(median(comparison.baseline) / median(comparison.subject)) };
};
