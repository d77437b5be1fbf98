import { expect, it } from 'vitest';
import { verify } from '../../src/fleet/verify.ts';
import { PaperMachine } from './paper-machine.ts';

it('does not call a deployment verified that has no machine', async () => {
  const machine = await PaperMachine.start();
  machine.exists = false;
  expect(await verify(machine.fleet)).toEqual({ schema: 'spot-deployer/verify/v1', machines: [], ok: false });
});
