import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spot } from './spot.js';

/**
 * Makes a project of `machines` machines whose setup.sh does nothing, gives its folder to `use`, and whatever
 * happens there destroys the machines and removes the folder.
 */
export async function withScratchProject(machines, use) {
  const folder = mkdtempSync(join(tmpdir(), 'spot-bench-'));
  mkdirSync(join(folder, '.spot'));
  mkdirSync(join(folder, 'deployment'));
  writeFileSync(join(folder, '.spot/config.yaml'), `aws:\n  total_instances: ${machines}\n`);
  writeFileSync(join(folder, 'deployment/setup.sh'), '#!/usr/bin/env bash\n');
  try {
    return await use(folder);
  } finally {
    await spot(folder, ['destroy', '--local', '--yes']);
    rmSync(folder, { recursive: true });
  }
}
