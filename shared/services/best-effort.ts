/** What may fail without harm, because the reconcile does it later. */

/** Longer than Temporal takes when it is well, and short enough for a webhook's answer while it is not. */
const PATIENCE_MS = 1_000;

/** Waits for `task`, a second at most; then it goes on by itself. What it throws is given to `failed`. Never rejects. */
export const bestEffort = async (task: () => Promise<unknown>, failed: (error: unknown) => void): Promise<void> => {
  const done = (async () => task())().catch(failed);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const patience = new Promise((resolve) => {
    timer = setTimeout(resolve, PATIENCE_MS);
  });
  await Promise.race([done, patience]);
  clearTimeout(timer);
};
