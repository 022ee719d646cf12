/** Runs a tool to its end: builds, downloads, one-off steps. */
import { spawn } from 'node:child_process';

export interface RunOptions {
  cwd?: string;
  /** Set on top of this process's environment. */
  env?: Record<string, string>;
  input?: string;
  /** Each line that the tool prints, on either stream. */
  onLine?: (line: string) => void;
  /** Ends the tool and all that it started. */
  signal?: AbortSignal;
}

const LAST_LINES = 12;

const eachLine = (onLine: (line: string) => void) => {
  let rest = '';
  return (chunk: Buffer) => {
    const lines = (rest + chunk.toString()).split(/[\r\n]+/);
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.trim()) onLine(line);
  };
};

/** Gives what the tool wrote to standard output; throws an error with its last lines when it could not start or ended with a failure. */
export const run = (command: string, args: string[], options: RunOptions = {}): Promise<string> =>
  new Promise((resolve, reject) => {
    const last: string[] = [];
    const out: Buffer[] = [];
    const keep = (line: string) => {
      last.push(line);
      if (last.length > LAST_LINES) last.shift();
      options.onLine?.(line);
    };
    // A group of its own, so that ending it ends the compilers that a build started too.
    const child = spawn(command, args, {
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, ...options.env },
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    });
    const end = () => {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGTERM');
    };
    options.signal?.addEventListener('abort', end, { once: true });
    child.stdin.on('error', () => undefined);
    child.stdin.end(options.input ?? '');
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stdout.on('data', eachLine(keep));
    child.stderr.on('data', eachLine(keep));
    child.on('error', (error) => reject(new Error(`${command} could not be started: ${error.message}`)));
    child.on('close', (code, signal) => {
      options.signal?.removeEventListener('abort', end);
      if (code === 0) resolve(Buffer.concat(out).toString());
      else reject(new Error(`${command} ${args[0] ?? ''} ended with ${signal ?? code}:\n${last.join('\n')}`));
    });
  });
