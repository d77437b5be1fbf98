import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import type { CreateResult } from '../../src/fleet/report.ts';
import { Rehearsal } from './support/rehearsal.ts';
import { until } from './support/until.ts';

/** Waits for a file that a test puts on the machine; the release with `go` does not wait. */
const waiting = '#!/bin/bash\necho waiting\n[ -e go ] || sleep 3600\n';

const rehearsal = new Rehearsal('interrupted', {
  'deployment/setup.sh': waiting,
  'large.bin': 'x'.repeat(64 * 1024 * 1024),
});
const lock = join(rehearsal.root, '.spot/state/local/interrupted/lock');
const create = () => rehearsal.spot('create', '--count', '2');

/** The same project, with a setup.sh that ends. */
async function finish(): Promise<CreateResult> {
  rehearsal.write({ go: '' });
  const result = await rehearsal.json<CreateResult>('create', '--count', '2');
  expect(result).toMatchObject({ failures: [], exitCode: 0 });
  expect(result.machines.map(({ phase }) => phase)).toEqual(['ready', 'ready']);
  expect(rehearsal.containers()).toHaveLength(2);
  return result;
}

afterEach(async () => {
  await rehearsal.spot('destroy');
  rehearsal.remove('go');
});
afterAll(() => rehearsal.dispose());

describe('Ctrl-C during create', () => {
  it.each([
    ['the launch', /Launching/],
    ['the making of a machine', undefined],
    ['the boot', /booting/],
    ['the upload', /uploaded 25%/],
    ['setup.sh', /deployment\/setup\.sh: started/],
  ])(
    'at %s ends it cleanly: it says what exists and how to go on, and create finishes',
    async (_, moment) => {
      const running = create();
      if (moment !== undefined) await running.until(moment);
      else await until(() => rehearsal.containers().length > 0, 1);
      running.interrupt();
      const { code, stderr } = await running;
      expect(code).toBe(130);
      expect(stderr).toContain('Stopping cleanly; Ctrl-C again leaves at once.');
      const [said = ''] = /SPOT-E-INTERRUPTED {2}Stopped\. .*/.exec(stderr) ?? [];
      const told = said.match(/i-[0-9a-f]{17}/g) ?? [];
      expect(told.map((id) => `spot-${id}`).sort(), said).toEqual([...rehearsal.containers()].sort());
      expect(said).toContain(['No machine exists', '1 machine exists', '2 machines exist'][told.length]);
      expect(stderr).toContain('next  `spot create` goes on from here; `spot destroy` ends it.');
      expect(stderr).not.toContain('SPOT-E-INTERNAL');
      expect(existsSync(lock)).toBe(false);
      expect((await finish()).machines.map(({ id }) => id)).toEqual(expect.arrayContaining(told));
    },
  );

  it('twice leaves at once, and create still finishes with as many machines as asked for', async () => {
    const running = create();
    await running.until(/Launching/);
    running.interrupt();
    await running.until(/Stopping cleanly/);
    running.interrupt();
    expect((await running).code).toBe(130);
    await finish();
  });
});

describe('two creates on one deployment', () => {
  it('at once: the second refuses and names the first, which succeeds', async () => {
    rehearsal.write({ go: '' });
    const first = create();
    await first.until(/booting/);
    const second = await create();
    expect(second.code).toBe(1);
    expect(second.stderr).toContain('SPOT-E-STATE-LOCKED');
    expect(second.stderr).toContain('`spot create` works on this deployment since');
    expect(second.stderr).toContain(`(process ${first.process.pid} on `);
    const destroy = await rehearsal.spot('destroy');
    expect(destroy.stderr, 'destroy does not pull the machines away either').toContain('SPOT-E-STATE-LOCKED');
    expect((await first).code).toBe(0);
    expect(rehearsal.containers()).toHaveLength(2);
  });

  it('one after the other was killed: its lock is taken over', async () => {
    const killed = create();
    await killed.until(/deployment\/setup\.sh: started/);
    killed.process.kill('SIGKILL');
    expect((await killed).code).toBe(137);
    expect(JSON.parse(readFileSync(lock, 'utf8'))).toMatchObject({ pid: killed.process.pid });
    await finish();
    expect(existsSync(lock)).toBe(false);
  });
});
