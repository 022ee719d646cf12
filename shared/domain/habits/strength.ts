/**
 * How firm a habit is, 0..1: an exponentially smoothed share of what was done, so that one miss after a long time costs little. The formula is that of Loop
 * Habit Tracker (github.com/iSoron/uhabits, Score.kt): each day the score keeps m of itself and takes 1 - m of the day's value, with
 * m = 0.5 ** (sqrt(frequency) / 13). A daily habit is half way to 1 after 13 days, a weekly one after 34.
 *
 * Loop moves the score every day, by a window over the past ones. Here days on which nothing was asked leave it alone, so a value
 * carries the weight of all the `days` it stands for: 1 for a daily habit, 7 for a week.
 */
export function smoothed(
  score: number,
  value: number,
  { frequency, days }: { frequency: number; days: number },
): number {
  const kept = 0.5 ** ((days * Math.sqrt(frequency)) / 13);
  return score * kept + value * (1 - kept);
}

/** The same where nothing was owed: what was done all the same may raise the score, and nothing lowers it. */
export function smoothedUp(score: number, value: number, weight: { frequency: number; days: number }): number {
  return Math.max(score, smoothed(score, value, weight));
}
