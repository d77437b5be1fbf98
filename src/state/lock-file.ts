import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { writeError } from '../errors/write-error.ts';
import { isAlive, ownIdentity, type ProcessIdentity } from './process-identity.ts';

/** Who holds a lock file, as written in it. */
export interface LockHolder extends ProcessIdentity {
  /** The computer's name: processes of another cannot be asked from here. */
  readonly host: string;
  /** Tells two holders of one process apart. */
  readonly ticket: string;
}

export interface Lock {
  release(): void;
}

let tickets = 0;

/**
 * Tries once to take an exclusive lock file, with `details` in it for others to read. A lock is had by making a hard
 * link, which only one process can, and whose content is complete before its name exists.
 * @returns the lock; or who holds it, when that process may still work; or undefined when the lock was stale or has
 *   just been released: try again
 * @throws SPOT-E-DISK-FULL, SPOT-E-STATE-UNWRITABLE
 */
export function tryLock<Details extends object>(
  path: string,
  details: Details,
): { lock: Lock } | { holder: LockHolder & Details } | undefined {
  const identity = ownIdentity();
  const mine: LockHolder = { ...identity, host: hostname(), ticket: `${identity.pid}-${tickets++}` };
  const candidate = `${path}.${mine.ticket}`;
  try {
    writeFileSync(candidate, JSON.stringify({ ...mine, ...details }), { mode: 0o600 });
    if (link(candidate, path)) return { lock: { release: () => release(path, mine) } };
    const holder = readHolder(path);
    if (isHolder(holder) && mayWork(holder)) return { holder: holder as LockHolder & Details };
    removeStale(path, candidate);
    return undefined;
  } catch (cause) {
    throw writeError(cause, path);
  } finally {
    rmSync(candidate, { force: true });
  }
}

/**
 * Removes a lock whose holder died. Two that find the same dead holder could otherwise remove each other's new lock,
 * so only the one who links the takeover file may, and looks again once it has.
 */
function removeStale(path: string, candidate: string): void {
  if (!isStale(path)) return;
  const takeover = `${path}.takeover`;
  if (!link(candidate, takeover)) {
    if (isStale(takeover)) rmSync(takeover, { force: true });
    return;
  }
  try {
    if (isStale(path)) {
      const dead = readHolder(path);
      rmSync(path, { force: true });
      // It may have died before it could remove its candidate.
      if (isHolder(dead)) rmSync(`${path}.${dead.ticket}`, { force: true });
    }
  } finally {
    rmSync(takeover, { force: true });
  }
}

function release(path: string, mine: LockHolder): void {
  const holder = readHolder(path);
  if (isHolder(holder) && holder.ticket === mine.ticket && holder.host === mine.host)
    rmSync(path, { force: true });
}

function link(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** A file that is no holder was cut short by a loss of power, which its writer did not survive either. */
function isStale(path: string): boolean {
  const holder = readHolder(path);
  return holder === 'unreadable' || (isHolder(holder) && !mayWork(holder));
}

function readHolder(path: string): LockHolder | 'gone' | 'unreadable' {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as LockHolder;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'gone' : 'unreadable';
  }
}

function isHolder(holder: LockHolder | 'gone' | 'unreadable'): holder is LockHolder {
  return typeof holder === 'object';
}

function mayWork(holder: LockHolder): boolean {
  return holder.host !== hostname() || isAlive(holder);
}
