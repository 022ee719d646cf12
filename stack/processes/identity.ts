/** Who a process id belongs to: ids are used again, so that a pid file alone is no proof. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const STATE_FIELD = 0;
const START_TICKS_FIELD = 19;

const linuxIdentity = (pid: number): string | null => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The command's name is in brackets and may hold spaces: fields are counted after the last bracket (proc_pid_stat(5), fields 3 and 22).
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[STATE_FIELD] === 'Z' || fields[STATE_FIELD] === 'X') return null;
    const bootId = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return `${bootId}:${fields[START_TICKS_FIELD]}`;
  } catch {
    return null;
  }
};

const psIdentity = (pid: number): string | null => {
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || null;
  } catch {
    return null;
  }
};

/** A text that no other process of this machine ever shares with the living process `pid`; null when there is none. It survives exec. */
export const processIdentity = (pid: number): string | null =>
  process.platform === 'linux' ? linuxIdentity(pid) : psIdentity(pid);

export interface ProcessMark {
  pid: number;
  identity: string;
}

/** Marks a living process so that it can be recognised later. Throws when it has ended already. */
export const markOf = (pid: number): ProcessMark => {
  const identity = processIdentity(pid);
  if (identity === null) throw new Error(`Process ${pid} has ended`);
  return { pid, identity };
};

/** Whether the very process that was marked is alive. */
export const isAlive = (mark: ProcessMark): boolean => processIdentity(mark.pid) === mark.identity;
