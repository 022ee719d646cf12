/** Ctrl-C and its kin: the first asks for an orderly end, a later one forces it. */

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** npm hands on the signal that the terminal has sent to us already: what comes this soon after the first is an echo. */
const ECHO_WITHIN_MS = 750;

export interface Interruption {
  /** Aborted by the first signal. */
  signal: AbortSignal;
  /** Settles with the first signal. */
  happened: Promise<void>;
}

/** Listens from now on. `force` is called when the person insists. */
export const listenForInterruption = (force: () => void): Interruption => {
  const controller = new AbortController();
  let firstMs: number | null = null;
  const happened = new Promise<void>((resolve) => {
    for (const name of SIGNALS) {
      process.on(name, () => {
        if (firstMs === null) {
          firstMs = Date.now();
          controller.abort(new Error('Stopped'));
          resolve();
        } else if (Date.now() - firstMs > ECHO_WITHIN_MS) {
          force();
        }
      });
    }
  });
  return { signal: controller.signal, happened };
};
