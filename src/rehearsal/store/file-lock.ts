import { setTimeout as sleep } from 'node:timers/promises';
import { tryLock } from '../../state/lock-file.ts';

/** Runs `work` while no other process or call holds the lock file. A lock whose holder has died is taken over. */
export async function withFileLock<Result>(path: string, work: () => Promise<Result>): Promise<Result> {
  for (let attempt = 0; ; attempt++) {
    const tried = tryLock(path, {});
    if (tried && 'lock' in tried) {
      try {
        return await work();
      } finally {
        tried.lock.release();
      }
    }
    await sleep(Math.min(2 + attempt * 2, 50));
  }
}
