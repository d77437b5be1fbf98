import { setTimeout as sleep } from 'node:timers/promises';

/** Waits until something holds; what cannot be asked yet (it throws) does not hold. The test's own time-out ends it. */
export async function until(holds: () => boolean | Promise<boolean>, pauseMilliseconds = 100): Promise<void> {
  while (!(await asked(holds))) await sleep(pauseMilliseconds);
}

async function asked(holds: () => boolean | Promise<boolean>): Promise<boolean> {
  try {
    return await holds();
  } catch {
    return false;
  }
}
