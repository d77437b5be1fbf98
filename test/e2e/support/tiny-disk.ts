import { execFileSync, spawnSync } from 'node:child_process';
import type { TestContext } from 'vitest';

/** Runs `work` while a folder is a file system of this size (`16k`). Mounting takes root; elsewhere the test is skipped. */
export async function onTinyDisk(
  context: TestContext,
  folder: string,
  size: string,
  work: () => Promise<void>,
): Promise<void> {
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', folder]);
  context.skip(mounted.status !== 0, 'only root can mount a file system that is full');
  try {
    await work();
  } finally {
    execFileSync('umount', [folder]);
  }
}
