import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { SpotError } from '../errors/spot-error.ts';
import { writeError } from '../errors/write-error.ts';
import { isAlive, ownIdentity, type ProcessIdentity } from './process-identity.ts';

/** Who holds a deployment, as written in its lock file. */
interface LockHolder extends ProcessIdentity {
  readonly host: string;
  readonly command: string;
  /** ISO 8601 in UTC. */
  readonly since: string;
}

export interface Lock {
  release(): void;
}

/**
 * Takes the lock of a deployment. A lock whose process is gone (same host) is taken over.
 * @throws SPOT-E-STATE-LOCKED naming the holder
 */
export function acquireLock(path: string, command: string): Lock {
  const mine: LockHolder = { ...ownIdentity(), host: hostname(), command, since: new Date().toISOString() };
  // The content is complete before the name exists, so nobody reads half a lock.
  const candidate = `${path}.${process.pid}`;
  try {
    writeCandidate(candidate, mine, path);
    for (;;) {
      if (linkExclusively(candidate, path)) return { release: () => releaseLock(path, mine) };
      const holder = readHolder(path);
      if (holder === 'gone') continue;
      if (holder !== 'unreadable' && mayWork(holder)) throw lockedError(path, holder);
      removeStaleLock(path, holder);
    }
  } finally {
    rmSync(candidate, { force: true });
  }
}

function writeCandidate(candidate: string, mine: LockHolder, path: string): void {
  try {
    writeFileSync(candidate, JSON.stringify(mine), { mode: 0o600 });
  } catch (cause) {
    throw writeError(cause, path);
  }
}

function linkExclusively(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw writeError(cause, to);
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
    throw writeError(cause, path);
  }
  if (JSON.stringify(readHolder(taken)) !== JSON.stringify(stale)) linkExclusively(taken, path);
  rmSync(taken, { force: true });
}

function releaseLock(path: string, mine: LockHolder): void {
  const holder = readHolder(path);
  if (typeof holder === 'object' && holder.pid === mine.pid && holder.since === mine.since) {
    rmSync(path, { force: true });
  }
}

/** A holder on another computer cannot be asked from here. */
function mayWork(holder: LockHolder): boolean {
  return holder.host !== hostname() || isAlive(holder);
}

function lockedError(path: string, holder: LockHolder): SpotError {
  const elsewhere = holder.host !== hostname();
  return new SpotError('SPOT-E-STATE-LOCKED', {
    message: `\`${holder.command}\` works on this deployment since ${holder.since} (process ${holder.pid} on ${holder.host}).`,
    where: path,
    hint: elsewhere
      ? `Wait for it to end. If that computer is gone for good, remove ${path}.`
      : `Wait for it to end, or stop it with \`kill ${holder.pid}\`; a stopped command's lock is taken over.`,
  });
}
