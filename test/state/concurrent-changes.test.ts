import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { expect, test } from 'vitest';
import { DeploymentState, type MachineRecord } from '../../src/state/deployment-state.ts';
import { temporaryFolder } from '../fixtures/temporary-project.ts';

const processes = 4;
const changes = 25;

test('processes that change the state at the same time lose nothing of each other', {
  timeout: 60_000,
}, async () => {
  const root = temporaryFolder();
  const bundle = await rolldown({
    input: 'src/state/deployment-state.ts',
    external: ['ssh2'],
    platform: 'node',
  });
  await bundle.write({ file: join(root, 'state.mjs'), codeSplitting: false });
  await bundle.close();
  // Each adds machines of its own, one a change.
  writeFileSync(
    join(root, 'change.mjs'),
    `import { DeploymentState } from './state.mjs';
     const state = new DeploymentState(process.argv[2], 'local', 'app');
     for (let n = 0; n < ${changes}; n += 1) state.closeIntent('none', [{ id: process.argv[3] + '-' + n }]);`,
  );
  const ends = await Promise.all(
    Array.from({ length: processes }, (_, name) =>
      once(
        spawn(process.execPath, [join(root, 'change.mjs'), root, String(name)], { stdio: 'inherit' }),
        'exit',
      ),
    ),
  );
  expect(ends).toEqual(Array(processes).fill([0, null]));
  const machines: readonly MachineRecord[] = new DeploymentState(root, 'local', 'app').machines();
  expect(new Set(machines.map(({ id }) => id)).size).toBe(processes * changes);
});
