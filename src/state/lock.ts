import { hostname } from 'node:os';
import { SpotError } from '../errors/spot-error.ts';
import { type Lock, type LockHolder, tryLock } from './lock-file.ts';

/** What the lock of a deployment says beside whose it is. */
interface Work {
  readonly command: string;
  /** ISO 8601 in UTC. */
  readonly since: string;
}

/** A change of the state takes milliseconds; whoever has the lock for longer hangs. */
const longestWaitMilliseconds = 30_000;
const pauseMilliseconds = 5;

/**
 * Takes the lock of a deployment. A lock whose process is gone (same host) is taken over.
 * @throws SPOT-E-STATE-LOCKED naming the holder
 */
export function acquireLock(path: string, command: string): Lock {
  const work: Work = { command, since: new Date().toISOString() };
  for (;;) {
    const attempt = tryLock(path, work);
    if (attempt === undefined) sleepSync(pauseMilliseconds);
    else if ('lock' in attempt) return attempt.lock;
    else throw lockedError(path, attempt.holder);
  }
}

/**
 * Runs `work` while no other process is in here for the same file, and waits for those that are.
 * @throws SPOT-E-STATE-LOCKED when one does not end
 */
export function withBriefLock<Result>(path: string, work: () => Result): Result {
  const deadline = Date.now() + longestWaitMilliseconds;
  for (;;) {
    const attempt = tryLock(path, { command: 'spot', since: new Date().toISOString() });
    if (attempt && 'lock' in attempt) {
      try {
        return work();
      } finally {
        attempt.lock.release();
      }
    }
    if (attempt && Date.now() > deadline) throw lockedError(path, attempt.holder);
    sleepSync(pauseMilliseconds);
  }
}

/** Blocks the whole process: the state is written synchronously, and only another process can be waited for. */
function sleepSync(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

function lockedError(path: string, holder: LockHolder & Work): SpotError {
  const elsewhere = holder.host !== hostname();
  return new SpotError('SPOT-E-STATE-LOCKED', {
    message: `\`${holder.command}\` works on this deployment since ${holder.since} (process ${holder.pid} on ${holder.host}).`,
    where: path,
    hint: elsewhere
      ? `Wait for it to end. If that computer is gone for good, remove ${path}.`
      : `Wait for it to end, or stop it with \`kill ${holder.pid}\`; a stopped command's lock is taken over.`,
  });
}
