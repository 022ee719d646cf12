/** What the person at the terminal sees: plain lines, each naming the part it speaks of and, for long work, the seconds it has taken. */

export type Say = (line: string) => void;

let stream: NodeJS.WritableStream = process.stdout;

export const say: Say = (line) => {
  stream.write(`${line}\n`);
};

/** For a command whose standard output is data: from now on the person is spoken to on `to`. */
export const sayOn = (to: NodeJS.WritableStream): void => {
  stream = to;
};

/** How often long work says that it is still going on. */
const REPORT_EVERY_MS = 10_000;
const NAME_WIDTH = 22;

export interface Progress {
  /** Names what is being done now, e.g. the last line that a build printed. */
  detail(text: string): void;
}

const line = (name: string, text: string): string => `  ${name.padEnd(NAME_WIDTH)}${text}`;

/**
 * Runs `work`, says what it does, every ten seconds that it still does it, and that it is done when that took over a second.
 * Throws what `work` throws.
 */
export const withProgress = async <T>(
  name: string,
  what: string,
  work: (progress: Progress) => Promise<T>,
): Promise<T> => {
  const begunMs = Date.now();
  const seconds = () => Math.round((Date.now() - begunMs) / 1000);
  let detail = '';
  say(line(name, what));
  const ticker = setInterval(
    () => say(line(name, `... ${what}, ${seconds()} s${detail && `  ${detail}`}`)),
    REPORT_EVERY_MS,
  );
  try {
    const result = await work({
      detail(text) {
        detail = text.trim().slice(0, 60);
      },
    });
    if (seconds() > 1) say(line(name, `${what}: done in ${seconds()} s`));
    return result;
  } finally {
    clearInterval(ticker);
  }
};

/** One line about a part, aligned with the others. */
export const sayOf = (name: string, text: string): void => say(line(name, text));
