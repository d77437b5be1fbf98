import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { SpotError } from '../errors/spot-error.ts';
import { stateWriteError } from './atomic-file.ts';

/** Who holds a deployment, as written in its lock file. */
interface LockHolder {
  readonly pid: number;
  readonly host: string;
  readonly command: string;
  readonly startedAt: string;
  /** Start of the process in clock ticks since boot (Linux), so that a recycled pid is not taken for the holder. */
  readonly processStart: string | undefined;
}

export interface Lock {
  release(): void;
}

/**
 * Takes the lock of a deployment. A lock whose process is gone (same host) is taken over.
 * @throws SPOT-E-STATE-LOCKED naming the holder
 */
export function acquireLock(path: string, command: string): Lock {
  const mine: LockHolder = {
    pid: process.pid,
    host: hostname(),
    command,
    startedAt: new Date().toISOString(),
    processStart: processStart(process.pid),
  };
  // The content is complete before the name exists, so nobody reads half a lock.
  const candidate = `${path}.${process.pid}`;
  try {
    writeFileSync(candidate, JSON.stringify(mine), { mode: 0o600 });
  } catch (cause) {
    throw stateWriteError(path, cause);
  }
  try {
    for (;;) {
      if (linkExclusively(candidate, path)) return { release: () => releaseLock(path, mine) };
      const holder = readHolder(path);
      if (holder === 'gone') continue;
      if (holder !== 'unreadable' && isAlive(holder)) throw lockedError(path, holder);
      removeStaleLock(path, holder);
    }
  } finally {
    rmSync(candidate, { force: true });
  }
}

function linkExclusively(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw stateWriteError(to, cause);
  }
}

function readHolder(path: string): LockHolder | 'gone' | 'unreadable' {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as LockHolder;
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code === 'ENOENT' ? 'gone' : 'unreadable';
  }
}

/** Takes a stale lock away. Two commands may try at once: what was taken is looked at again, and put back if it is not the stale one. */
function removeStaleLock(path: string, stale: LockHolder | 'unreadable'): void {
  const taken = `${path}.${process.pid}.stale`;
  try {
    renameSync(path, taken);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw stateWriteError(path, cause);
  }
  if (JSON.stringify(readHolder(taken)) !== JSON.stringify(stale)) linkExclusively(taken, path);
  rmSync(taken, { force: true });
}

function releaseLock(path: string, mine: LockHolder): void {
  const holder = readHolder(path);
  if (typeof holder === 'object' && holder.pid === mine.pid && holder.startedAt === mine.startedAt) {
    rmSync(path, { force: true });
  }
}

/** A holder on another computer counts as alive: it cannot be asked from here. */
function isAlive(holder: LockHolder): boolean {
  if (holder.host !== hostname()) return true;
  try {
    process.kill(holder.pid, 0);
  } catch (cause) {
    // EPERM: it runs, as another user.
    if ((cause as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  return holder.processStart === undefined || holder.processStart === processStart(holder.pid);
}

/** Field 22 of /proc/PID/stat (proc(5)); undefined where there is no /proc. */
function processStart(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}

function lockedError(path: string, holder: LockHolder): SpotError {
  const elsewhere = holder.host !== hostname();
  return new SpotError('SPOT-E-STATE-LOCKED', {
    message: `\`${holder.command}\` works on this deployment since ${holder.startedAt} (process ${holder.pid} on ${holder.host}).`,
    where: path,
    hint: elsewhere
      ? `Wait for it to end. If that computer is gone for good, remove ${path}.`
      : `Wait for it to end, or stop it with \`kill ${holder.pid}\`; a stopped command's lock is taken over.`,
  });
}
