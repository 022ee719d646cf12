/** Keeps one process of the stack alive: its output goes to a log file, its id to a file by which a later start recognises it. */
import { type ChildProcess, spawn } from 'node:child_process';
import {
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { sayOf } from '../progress.ts';
import type { ProcessSpec } from '../server.ts';
import { endGroup } from './end-group.ts';
import { processIdentity } from './identity.ts';

const BIGGEST_LOG_BYTES = 20_000_000;
const LAST_LINES = 8;
const FIRST_BACKOFF_MS = 500;
const LONGEST_BACKOFF_MS = 30_000;
/** A process that lived this long has recovered: its next crash starts the backoff anew. */
const RECOVERED_AFTER_MS = 60_000;
/** Divides the runs in a log file. */
const START_MARK = '--- started ';
const POLL_MS = 50;
const SAY_WAITING_EVERY_MS = 5_000;
const STOP_WITHIN_MS = 10_000;

export interface Supervised {
  name: string;
  /** The id of the process that runs now; null between a crash and the restart. */
  pid(): number | null;
  /** Asks it to end, kills it when it does not; it is not restarted. */
  stop(): Promise<void>;
}

export interface SuperviseOptions {
  name: string;
  /** Folder of the log files and the id files. */
  runDir: string;
  env: Record<string, string | undefined>;
  /** Whether the process answers; asked until it does. */
  isReady(pid: number): Promise<boolean>;
  readyWithinMs: number;
  signal: AbortSignal;
}

const logFile = (runDir: string, name: string): string => join(runDir, `${name}.log`);

const pidFile = (runDir: string, name: string): string => join(runDir, `${name}.pid.json`);

const openLog = (file: string): number => {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (size > BIGGEST_LOG_BYTES) renameSync(file, `${file}.1`);
  const log = openSync(file, 'a', 0o600);
  writeSync(log, `${START_MARK}${new Date().toISOString()}\n`);
  return log;
};

/** The end of what the process wrote since its last start, indented, for a message about its failure. */
const lastWords = (file: string): string => {
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  const sinceStart = lines.slice(lines.findLastIndex((line) => line.startsWith(START_MARK)) + 1);
  return sinceStart
    .slice(-LAST_LINES)
    .map((line) => `    ${line}`)
    .join('\n');
};

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const hasEnded = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null;

/** Why the process is over, once it is: its signal, its exit code, or why it could not be started. */
const end = (child: ChildProcess): Promise<string> =>
  new Promise((resolve) => {
    const tell = () => resolve(child.signalCode ?? `code ${child.exitCode}`);
    if (hasEnded(child)) tell();
    child.once('exit', tell);
    child.once('error', (error) => resolve(error.message));
  });

/**
 * Starts the process, waits until it is ready, and from then on restarts it whenever it ends by itself.
 * Throws with the end of its log when it ends or stays silent before it was ready once.
 */
export const supervise = async (spec: ProcessSpec, options: SuperviseOptions): Promise<Supervised> => {
  const { name, runDir } = options;
  const log = logFile(runDir, name);
  const stopSignal = spec.stopSignal ?? 'SIGTERM';
  let child: ChildProcess | null = null;
  let stopping = false;
  let backoffMs = FIRST_BACKOFF_MS;
  mkdirSync(runDir, { recursive: true, mode: 0o700 });

  const launch = (): ChildProcess => {
    const output = openLog(log);
    const started = spawn(spec.command, spec.args, {
      // A group of its own: Ctrl-C must reach the stack alone, which ends the application before the servers.
      detached: true,
      stdio: ['ignore', output, output],
      env: { ...options.env, ...spec.env },
    });
    closeSync(output);
    // Whoever waits for the end is told of it; without a listener it would end the stack.
    started.on('error', () => undefined);
    const { pid } = started;
    const identity = pid === undefined ? null : processIdentity(pid);
    if (identity !== null) writeFileSync(pidFile(runDir, name), JSON.stringify({ pid, identity, stopSignal }));
    return started;
  };

  const keepAlive = async (first: ChildProcess): Promise<void> => {
    for (let current = first; ; current = child as ChildProcess) {
      const begunMs = Date.now();
      const cause = await end(current);
      if (stopping) return;
      if (Date.now() - begunMs > RECOVERED_AFTER_MS) backoffMs = FIRST_BACKOFF_MS;
      sayOf(
        name,
        `ended (${cause}), starts again in ${backoffMs / 1000} s. Its last words (${log}):\n${lastWords(log)}`,
      );
      child = null;
      await sleep(backoffMs);
      if (stopping) return;
      backoffMs = Math.min(backoffMs * 2, LONGEST_BACKOFF_MS);
      child = launch();
    }
  };

  const awaitReady = async (started: ChildProcess): Promise<void> => {
    const begunMs = Date.now();
    for (let saidMs = begunMs; ; ) {
      options.signal.throwIfAborted();
      if (started.pid === undefined) throw new Error(`${name} could not be started: ${await end(started)}`);
      if (hasEnded(started)) throw new Error(`${name} ended while it started:\n${lastWords(log)}`);
      if (await options.isReady(started.pid)) return;
      if (Date.now() - begunMs > options.readyWithinMs) {
        throw new Error(`${name} did not answer within ${options.readyWithinMs / 1000} s:\n${lastWords(log)}`);
      }
      if (Date.now() - saidMs > SAY_WAITING_EVERY_MS) {
        saidMs = Date.now();
        sayOf(name, `... waits until it answers, ${Math.round((saidMs - begunMs) / 1000)} s`);
      }
      await sleep(POLL_MS);
    }
  };

  const stop = async (): Promise<void> => {
    stopping = true;
    if (child?.pid !== undefined && !hasEnded(child)) {
      await endGroup(
        child.pid,
        stopSignal,
        spec.stopWithinMs ?? STOP_WITHIN_MS,
        () => child === null || hasEnded(child),
      );
    }
    rmSync(pidFile(runDir, name), { force: true });
  };

  child = launch();
  try {
    await awaitReady(child);
  } catch (error) {
    await stop();
    throw error;
  }
  void keepAlive(child);
  return { name, pid: () => child?.pid ?? null, stop };
};

/** Waits for all starts; when some fail, stops those that succeeded and throws one error that tells of all that failed. */
export const allOrNone = async (starts: Promise<Supervised>[]): Promise<Supervised[]> => {
  const results = await Promise.allSettled(starts);
  const running = results.filter((one) => one.status === 'fulfilled').map((one) => one.value);
  const failures = results.filter((one) => one.status === 'rejected').map((one) => (one.reason as Error).message);
  if (failures.length === 0) return running;
  await stopAll(running);
  throw new Error(failures.join('\n'));
};

export const stopAll = async (processes: Supervised[]): Promise<void> => {
  await Promise.all(processes.map((one) => one.stop()));
};
