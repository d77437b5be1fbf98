import { spawnSync } from 'node:child_process';
import { median } from './median.js';

/**
 * Median wall milliseconds of each command, an argument list for `node`. They run in turns, so that whatever else
 * the computer does falls on all of them alike, after one round that only warms the disk cache.
 */
export function medianWallTimes(commands, { rounds, cwd }) {
  const times = commands.map(() => []);
  for (let round = -1; round < rounds; round++) {
    for (const [index, args] of commands.entries()) {
      const milliseconds = wallTime(args, cwd);
      if (round >= 0) times[index].push(milliseconds);
    }
  }
  return times.map(median);
}

function wallTime(args, cwd) {
  const start = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, { cwd, encoding: 'utf8' });
  const milliseconds = performance.now() - start;
  if (status !== 0) throw new Error(`node ${args.join(' ')} exited ${status}: ${stderr.trim()}`);
  return milliseconds;
}
