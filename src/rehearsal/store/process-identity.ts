import { readFile } from 'node:fs/promises';

/** A process that can be told from a later one with the same number. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Clock ticks after boot at which it began, where the system says so (Linux). */
  readonly startedAt: string | undefined;
}

let own: Promise<ProcessIdentity> | undefined;

export function ownIdentity(): Promise<ProcessIdentity> {
  own ??= startTime(process.pid).then((startedAt) => ({ pid: process.pid, startedAt }));
  return own;
}

/** Whether that very process still runs. */
export async function isAlive(identity: ProcessIdentity): Promise<boolean> {
  try {
    process.kill(identity.pid, 0);
  } catch (error) {
    // EPERM: it runs, as another user.
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  return identity.startedAt === undefined || (await startTime(identity.pid)) === identity.startedAt;
}

/** Field 22 of proc_pid_stat(5); the second field, the name, may itself hold spaces and parentheses. */
async function startTime(pid: number): Promise<string | undefined> {
  try {
    const text = await readFile(`/proc/${pid}/stat`, 'latin1');
    return text.slice(text.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}
