/** How much one connection may ask for: a bucket of tokens that fills up again with time. */

export interface Allowance {
  /** Takes `cost` tokens; false when there are too few. */
  take(cost: number): boolean;
}

/** `burst` tokens at once, `perSecond` new ones a second; `nowMs` gives the time. */
export const createAllowance = (burst: number, perSecond: number, nowMs: () => number = Date.now): Allowance => {
  let tokens = burst;
  let atMs = nowMs();
  return {
    take: (cost) => {
      const now = nowMs();
      tokens = Math.min(burst, tokens + ((now - atMs) / 1000) * perSecond);
      atMs = now;
      if (tokens < cost) return false;
      tokens -= cost;
      return true;
    },
  };
};
