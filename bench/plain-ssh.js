import { spawnSync } from 'node:child_process';
import { spot } from './spot.js';

/**
 * Seconds of `tar -c FOLDER | ssh … tar -x` into a new folder `target` of a machine, by the very OpenSSH command
 * that `spot ssh` would run: same key, same pinned host key.
 */
export async function secondsOfTarOverSsh(project, machine, folder, target) {
  const receive = `mkdir /var/tmp/${target} && tar -x -C /var/tmp/${target}`;
  const invocation = await spot(project, ['ssh', '--local', '--json', machine, '--', receive]);
  const { program, args } = JSON.parse(invocation);
  const start = performance.now();
  // A shell's pipe: through this process the bytes would go slower.
  const { status, stderr } = spawnSync(
    'bash',
    ['-c', 'set -o pipefail; tar -c -C "$0" . | "$@"', folder, program, ...args],
    { encoding: 'utf8' },
  );
  const seconds = (performance.now() - start) / 1000;
  if (status !== 0) throw new Error(`tar | ssh exited ${status}: ${stderr.trim()}`);
  return seconds;
}
