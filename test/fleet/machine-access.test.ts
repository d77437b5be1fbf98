import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { sshInvocation } from '../../src/fleet/ssh.ts';
import { makeNewHostKeyCommand, useNewHostKeyCommand } from '../../src/machine/host-key-commands.ts';
import { answer, id, PaperMachine } from './paper-machine.ts';

const change = [
  { key: 'bootstrap', command: makeNewHostKeyCommand() },
  { key: 'bootstrap', command: useNewHostKeyCommand() },
];

it("sends nothing but the change of the host key before the machine's own is in force", async () => {
  const machine = await PaperMachine.start();
  const access = await machine.access();
  await access.exec('bundle', 5_000);
  expect(machine.commands).toEqual([...change, { key: 'own', command: 'bundle' }]);
  expect(machine.fleet.state.machine(id)).toMatchObject({
    hostKey: machine.keys.own.publicKey,
    hostKeyInForce: true,
  });
});

it('keeps no connection whose change of the host key failed', async () => {
  const machine = await PaperMachine.start();
  const access = await machine.access();
  machine.next.push(answer(1, '', 'no room for a key'));
  await expect(access.exec('bundle', 5_000)).rejects.toMatchObject({
    code: 'SPOT-E-DELIVERY',
    evidence: ['no room for a key'],
  });
  await expect.poll(() => machine.open.size).toBe(0);
  await access.exec('bundle', 5_000);
  expect(machine.commands.slice(1)).toEqual([...change, { key: 'own', command: 'bundle' }]);
});

it('goes on with the address it knows while the cloud does not answer', async () => {
  const machine = await PaperMachine.start();
  const access = await machine.access();
  machine.reachable = false;
  machine.fleet.clients.close();
  expect((await access.exec('true', 5_000)).code).toBe(0);
});

it('changes the host key of a fresh machine before `spot ssh`, which is told of no other', async () => {
  const machine = await PaperMachine.start();
  await sshInvocation(machine.fleet, id, []);
  expect(machine.commands).toEqual(change);
  expect(readFileSync(join(machine.fleet.state.folder, 'known_hosts'), 'utf8')).toBe(
    `${id} ${machine.keys.own.publicKey}\n`,
  );
  await expect.poll(() => machine.open.size).toBe(0);
});
