import { randomFillSync } from 'node:crypto';
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { withScratchProject } from './scratch-project.js';
import { spot } from './spot.js';

const fileMegabytes = 300;
const mebibyte = 1024 * 1024;

/** Peak resident memory of `create` with one large file, which must stream through. */
export async function measureMemory() {
  return withScratchProject(1, async (folder) => {
    writeLargeFile(join(folder, 'large.bin'));
    const peakFile = join(folder, '.spot', 'peak');
    await spot(folder, ['create', '--local', '--yes'], {
      nodeArguments: ['--import', new URL('peak-memory.js', import.meta.url).href],
      env: { SPOT_BENCH_PEAK_FILE: peakFile },
    });
    const megabytes = Number(readFileSync(peakFile, 'utf8')) / 1024;
    return [
      {
        name: `spot create, a file of ${fileMegabytes} MB`,
        measured: megabytes,
        limit: 200,
        unit: 'MB',
        detail: 'peak resident memory',
      },
    ];
  });
}

/** Random bytes: a file of zeros would shrink to nothing on its way. */
function writeLargeFile(path) {
  const block = Buffer.allocUnsafe(mebibyte);
  const file = openSync(path, 'w');
  for (let written = 0; written < fileMegabytes; written++) writeSync(file, randomFillSync(block));
  closeSync(file);
}
