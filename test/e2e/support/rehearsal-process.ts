import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { rolldown } from 'rolldown';
import config from '../../../rolldown.config.ts';
import type { RehearsalCloud } from '../../../src/rehearsal/rehearsal-cloud.ts';

/** The rehearsal cloud bundled as it is shipped, so that other processes can run it. */
export async function bundleRehearsal(): Promise<{
  start: (cache: string) => Promise<RehearsalProcess>;
  remove: () => Promise<void>;
}> {
  const folder = await mkdtemp(join(tmpdir(), 'spot-rehearsal-bundle-'));
  const { output, ...input } = config as { output: object };
  const bundle = await rolldown({
    ...input,
    input: { cloud: 'src/rehearsal/rehearsal-cloud.ts' },
    logLevel: 'silent',
  });
  await bundle.write({ ...output, dir: folder });
  await bundle.close();
  const script = join(folder, 'serve.mjs');
  await writeFile(
    script,
    `import { openRehearsalCloud } from './cloud.js';
     const cloud = await openRehearsalCloud({ cacheFolder: process.argv[2] });
     console.log(JSON.stringify(cloud));`,
  );
  return {
    start: (cache) => startProcess(script, cache),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

export interface RehearsalProcess extends Pick<RehearsalCloud, 'endpoint' | 'credentials'> {
  /** Ends the process at once, with no chance to tidy up. */
  readonly kill: () => Promise<void>;
}

async function startProcess(script: string, cache: string): Promise<RehearsalProcess> {
  const child: ChildProcess = spawn(process.execPath, [script, cache], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (child.stdout === null) throw new TypeError('the process has no output');
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  return {
    ...(JSON.parse(line) as Pick<RehearsalCloud, 'endpoint' | 'credentials'>),
    kill: async () => {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
  };
}
