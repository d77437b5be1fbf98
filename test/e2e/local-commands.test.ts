import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import type { CreateResult, ListReport } from '../../src/fleet/report.ts';
import { keepImages } from './support/keep-images.ts';
import { listen } from './support/listen.ts';
import { PortThief } from './support/port-thief.ts';
import { Rehearsal } from './support/rehearsal.ts';
import { type RunningSpot, startSpot } from './support/spot-process.ts';

const execute = promisify(execFile);
/** Debian's. */
const aws = '/usr/bin/aws';
const files = { 'deployment/setup.sh': '#!/bin/bash\necho hello\n' };
const create = ['create', '--local', '--count', '1'];

describe('spot local serve', () => {
  const rehearsal = new Rehearsal('shown', files);
  let serving: RunningSpot | undefined;

  afterAll(() => rehearsal.dispose());

  it('is refused a port that is taken', async () => {
    const other = createServer();
    const port = await listen(other, 0);
    try {
      const { code, stderr } = await rehearsal.spot('local', 'serve', '--port', String(port));
      expect(stderr).toMatch(/^SPOT-E-PORT-TAKEN {2}/);
      expect(stderr).toContain(`Port ${port} of 127.0.0.1 cannot be had.`);
      expect(stderr).toContain('  next  Stop what listens there, or choose another port.');
      expect(code).toBe(2);
    } finally {
      other.close();
    }
  });

  it.skipIf(!existsSync(aws))(
    "shows AWS's own command the machines that other processes create",
    async () => {
      const created = await rehearsal.json<CreateResult>(...create);
      const [machine] = created.machines;
      serving = rehearsal.spot('local', 'serve');
      // As it says itself, with Debian's release and the machine's region.
      const said = await serving.until(/Ctrl-C ends it/);
      const [, exports = ''] = /^ {2}(export .*)$/m.exec(said) ?? [];
      const [, told = ''] = /^ {2}aws (ec2 describe-instances .*)$/m.exec(said) ?? [];
      const run = async (command: string) => {
        const line = `${exports}; ${aws} ${command} --region ${machine?.region} --output json`;
        return JSON.parse((await execute('bash', ['-c', line])).stdout);
      };
      expect((await run(told)).Reservations).toMatchObject([
        { Instances: [{ InstanceId: machine?.id, State: { Name: 'running' } }] },
      ]);

      await run(`${told.replace('describe', 'terminate')} --instance-ids ${machine?.id}`);
      expect((await rehearsal.json<ListReport>('list', '--local')).machines).toEqual([]);
      expect(rehearsal.containers()).toEqual([]);
      serving.interrupt();
      expect((await serving).code).toBe(0);
    },
  );
});

describe('a port that another program takes in the last moment', () => {
  const rehearsal = new Rehearsal('robbed', files);
  const thief = new PortThief();

  afterAll(async () => {
    thief.close();
    await rehearsal.dispose();
  });

  it('is no trouble: the machine gets another one', async () => {
    const path = await thief.wait(join(rehearsal.folder, 'bin'), process.env.PATH ?? '');
    const env = { ...rehearsal.environment, PATH: path };
    const { code, stdout } = await startSpot(create, { cwd: rehearsal.root, env });
    expect(code).toBe(0);
    expect(stdout).toContain('1 machine ready');
    expect(thief.stolen).toBeGreaterThan(0);
    const [container = '', ...others] = rehearsal.containers();
    expect(others).toEqual([]);
    expect(rehearsal.docker('port', container, '22')).not.toContain(`:${thief.stolen}\n`);
  });
});

describe('spot local clean', () => {
  const rehearsal = new Rehearsal('swept', files);
  const other = new Rehearsal('spared', files);

  afterAll(() => Promise.all([rehearsal.dispose(), other.dispose()]));

  it('removes every trace of its rehearsal cloud, and of no other; create works again', async () => {
    const [created] = await Promise.all([rehearsal, other].map((each) => each.json<CreateResult>(...create)));
    expect(created?.machines.map(({ phase }) => phase)).toEqual(['ready']);
    const [container = ''] = rehearsal.containers();
    const volume = rehearsal
      .docker('inspect', '--format', '{{range .Mounts}}{{.Name}}{{end}}', container)
      .trim();
    const volumes = () => rehearsal.docker('volume', 'ls', '--quiet').split('\n');
    expect(volumes()).toContain(volume);

    const cleaned = await keepImages(() => rehearsal.spot('local', 'clean'));
    expect(cleaned).toMatchObject({ code: 0, stdout: 'Removed 1 container and 0 images.\n' });
    expect(rehearsal.containers()).toEqual([]);
    expect(volumes()).not.toContain(volume);
    expect(existsSync(join(rehearsal.folder, 'cache', 'rehearsal'))).toBe(false);
    expect((await rehearsal.json<ListReport>('list', '--local')).machines).toEqual([]);
    expect((await other.spot('verify', '--local')).code).toBe(0);
    const again = await keepImages(() => rehearsal.spot('local', 'clean'));
    expect(again).toMatchObject({ code: 0, stdout: 'Nothing to clean.\n' });

    const recreated = await rehearsal.json<CreateResult>(...create);
    expect(recreated).toMatchObject({ failures: [], exitCode: 0 });
    expect(recreated.machines.map(({ id }) => id)).not.toEqual(created?.machines.map(({ id }) => id));
  });
});
