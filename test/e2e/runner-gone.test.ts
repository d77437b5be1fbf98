import { afterAll, describe, expect, it } from 'vitest';
import type { CreateResult } from '../../src/fleet/report.ts';
import { Rehearsal } from './support/rehearsal.ts';

/** Fills the disk with the runner's records, a small one made for it, and ends well. */
const filling = `#!/bin/bash
set -e
mount -t tmpfs -o size=2m tmpfs /mnt
cp -a /var/lib/spot/. /mnt
mount --bind /mnt /var/lib/spot
cat /dev/zero > /var/lib/spot/fill || true
echo filled
`;

describe('create, when a script fills the disk so that not even its end can be noted', {
  timeout: 180_000,
}, () => {
  const rehearsal = new Rehearsal('runner-gone', { 'deployment/setup.sh': filling });
  afterAll(() => rehearsal.dispose());

  it('says that the disk is full, and goes on with the same machine when there is room again', async () => {
    const full = await rehearsal.json<CreateResult>('create', '--count', '1', '--keep-failed');
    expect(full.exitCode).toBe(1);
    expect(full.failures[0]?.error).toMatchObject({
      code: 'SPOT-E-RUNNER-GONE',
      message: 'The disk of the machine is full, so the steps cannot go on.',
      evidence: expect.arrayContaining([
        'filled',
        'runner: spot-runner.service is failed, and the release is at no end',
      ]),
    });

    const id = full.failures[0]?.machine?.id ?? '';
    rehearsal.onMachine(id, 'rm /var/lib/spot/fill');
    const again = await rehearsal.json<CreateResult>('create', '--count', '1');
    expect(again).toMatchObject({ exitCode: 0, machines: [{ id, phase: 'ready' }] });
  });
});
