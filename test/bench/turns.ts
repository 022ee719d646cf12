/** Baseline and subject take turns, so that what the machine does besides falls on both. */

export const RUNS = 3;

export interface Turns {
  subject: () => Promise<number>;
  baseline: () => Promise<number>;
  between: () => Promise<unknown>;
  runs?: number;
}

/** Measures both `runs` times in turns, after one turn that warms up; gives the figures of each. */
export const inTurns = async ({
  subject,
  baseline,
  between,
  runs = RUNS,
}: Turns): Promise<{ subject: number[]; baseline: number[] }> => {
  const measured = { subject: [] as number[], baseline: [] as number[] };
  for (let run = 0; run <= runs; run += 1) {
    const before = await baseline();
    await between();
    const after = await subject();
    await between();
    if (run === 0) continue;
    measured.baseline.push(before);
    measured.subject.push(after);
    note(`run ${run} of ${runs}: ${after.toFixed(1)} over ${before.toFixed(1)}`);
  }
  return measured;
};

/** Says what goes on, beside the figures. */
export const note = (text: string): void => {
  process.stderr.write(`  ${text}\n`);
};
