/** A part: one thing that the stack needs on this machine (a server's binary, the models), and every way to come by it. */

export interface WayContext {
  /** Aborted when the person stops the start. */
  signal: AbortSignal;
  /** Tells what is being done, for the progress line. */
  detail(text: string): void;
  /** A part named in `dependsOn`. */
  part(name: string): Obtained;
}

export interface Way {
  /** What is done, as the progress line says it: 'built with go install'. */
  how: string;
  /** Commands that must be on PATH. */
  needs: string[];
  /** Fills the empty folder `dir`. Throws with a reason that a person can act on. */
  run(dir: string, context: WayContext): Promise<void>;
}

export interface Part {
  name: string;
  version: string;
  /** What the part depends on beside platform and version, e.g. the processor that it is built for. */
  variant?: string;
  /** An installed command that serves as well, from `minimum` on (compared number by number). */
  onPath?: { command: string; versionArgs: string[]; minimum: string };
  /** The part as one of our own packages carries it; null where that one does not run on this machine. */
  packaged?: () => Promise<Obtained | null>;
  /** The file (inside the folder) that the stack runs or reads first; it must exist once the part is there. */
  main: string;
  dependsOn?: Part[];
  /** Tried in order; the first that succeeds is kept. */
  ways: Way[];
  /** What a person can install when no way is open. */
  remedy: string;
}

export interface Obtained {
  source: 'PATH' | 'package' | 'cache';
  version: string;
  /** Full path of `main`, or of the command on PATH. */
  main: string;
  /** The part's folder; of a command on PATH the folder that it lies in. */
  dir: string;
}

/** A part that no way led to: the message names each way with the reason why not, and what to install. */
export class PartUnavailable extends Error {
  readonly part: Part;
  readonly reasons: string[];
  constructor(part: Part, reasons: string[]) {
    super(
      [
        `${part.name} ${part.version} cannot be had.`,
        ...reasons.map((reason) => `  - ${reason}`),
        `  ${part.remedy}`,
      ].join('\n'),
    );
    this.part = part;
    this.reasons = reasons;
  }
}
