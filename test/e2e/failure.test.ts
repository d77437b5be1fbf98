import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CreateResult, ListReport, VerifyReport } from '../../src/fleet/report.ts';
import type { Check } from '../../src/machine/check.ts';
import { Rehearsal } from './support/rehearsal.ts';
import type { SpotResult } from './support/spot-process.ts';
import { until } from './support/until.ts';

const exitsWith7 = `#!/bin/bash
echo "before it fails on $SPOT_INDEX"
exit 7
`;

const documentOf = ({ stdout }: SpotResult) =>
  JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as CreateResult;

describe('a setup.sh that fails', () => {
  const rehearsal = new Rehearsal('failing', { 'deployment/setup.sh': exitsWith7 });
  const list = () => rehearsal.json<ListReport>('list', '--local');
  const create = (...options: readonly string[]) =>
    rehearsal.spot('create', '--local', '--count', '2', ...options);

  afterAll(() => rehearsal.dispose());

  it('is reported for each machine with step, exit code and last lines; the machines go, the evidence stays', async () => {
    const failed = await create();
    expect(failed.code).toBe(1);
    const [, ...sections] = failed.stderr.split(/\n(?=\[i-\w+ @ 127\.0\.0\.1\] \S+\nSPOT-E)/);
    expect(sections).toHaveLength(2);
    for (const section of sections) {
      expect(section).toContain('SPOT-E-STEP-FAILED  deployment/setup.sh ended with exit code 7');
      const archive = /Evidence: (\S+)/.exec(section)?.[1] ?? '';
      expect(filesOf(archive)).toEqual(expect.arrayContaining(['setup.log', 'journal.jsonl', 'units.txt']));
    }
    expect(sections.map((section) => /│ before it fails on (\d)/.exec(section)?.[1]).sort()).toEqual([
      '0',
      '1',
    ]);
    expect(failed.stdout).toContain('0 machines ready, 2 failures');
    expect(rehearsal.containers()).toEqual([]);
    expect((await list()).machines).toEqual([]);
  });

  it('is reported with --json too, and with --keep-failed leaves the machines to be looked at', async () => {
    const failed = await create('--keep-failed', '--json');
    expect(failed.code).toBe(1);
    const result = documentOf(failed);
    expect(result).toMatchObject({ schema: 'spot-deployer/create/v1', exitCode: 1 });
    expect(result.failures).toHaveLength(2);
    for (const { machine, error, evidence } of result.failures) {
      expect(error).toMatchObject({
        code: 'SPOT-E-STEP-FAILED',
        message: expect.stringContaining('exit code 7'),
        where: `${machine?.id} @ 127.0.0.1`,
        evidence: [expect.stringMatching(/^before it fails on \d$/)],
      });
      expect(filesOf(evidence ?? '')).toContain('setup.log');
    }
    const { machines } = await list();
    expect(machines.map(({ phase, health }) => `${phase} ${health}`)).toEqual([
      'failed failing',
      'failed failing',
    ]);
    const logs = await rehearsal.spot('logs', '--local', machines[0]?.id ?? '', '--step', 'setup');
    expect(logs).toMatchObject({ code: 0, stdout: 'before it fails on 0\n' });
  });

  it('can be mended: create makes the machines that were kept ready', async () => {
    const kept = (await list()).machines.map(({ id }) => id);
    rehearsal.write({ 'deployment/setup.sh': '#!/bin/bash\necho mended\n' });
    const result = documentOf(await create('--json'));
    expect(result).toMatchObject({ failures: [], exitCode: 0 });
    expect(result.machines.map(({ id, phase }) => ({ id, phase }))).toEqual(
      kept.map((id) => ({ id, phase: 'ready' })),
    );
  });

  it('never ends a machine that was ready once: it may hold data', async () => {
    const before = (await list()).machines.map(({ id }) => id);
    rehearsal.write({ 'deployment/setup.sh': '#!/bin/bash\nkill -TERM $$\n' });
    const failed = await create('--json');
    expect(failed.code).toBe(1);
    expect(documentOf(failed).failures.map(({ error }) => error.message)).toEqual([
      expect.stringMatching(/143 \(a program was killed by SIGTERM\)/),
      expect.stringMatching(/143 \(a program was killed by SIGTERM\)/),
    ]);
    const { machines } = await list();
    expect(machines.map(({ id, phase }) => ({ id, phase }))).toEqual(
      before.map((id) => ({ id, phase: 'failed' })),
    );
    expect((await rehearsal.spot('destroy', '--local', '--yes')).code).toBe(0);
  });

  it('on one machine only: the others get ready and the exit code is 3', async () => {
    rehearsal.write({ 'deployment/setup.sh': '#!/bin/bash\n[[ $SPOT_INDEX == 0 ]] || exit 9\n' });
    const partly = await create('--json');
    expect(partly.code).toBe(3);
    const result = documentOf(partly);
    expect(result.machines.map(({ phase }) => phase)).toEqual(['ready']);
    expect(result.failures.map(({ error }) => error.message)).toEqual([
      expect.stringContaining('ended with exit code 9'),
    ]);
    expect(rehearsal.containers()).toHaveLength(1);
  });
});

describe('what else can go wrong on a machine', () => {
  const rehearsal = new Rehearsal('trouble', { 'deployment/setup.sh': '#!/bin/bash\n' });
  const create = (...options: readonly string[]) =>
    rehearsal.spot('create', '--local', '--count', '1', ...options);

  afterAll(() => rehearsal.dispose());

  it('ends a setup.sh that hangs at its timeout, with every process of it', async () => {
    rehearsal.write({
      'deployment/setup.sh': '#!/bin/bash\necho waiting\nsetsid sleep 4321 &\nsleep 1234\n',
      '.spot/config.yaml': 'regions:\n  - us-west-2: {}\ntimeout: 5s\n',
    });
    const failed = await create('--keep-failed', '--json');
    expect(failed.code).toBe(1);
    const [failure] = documentOf(failed).failures;
    expect(failure?.error).toMatchObject({
      code: 'SPOT-E-STEP-TIMEOUT',
      message: expect.stringContaining('did not end within 5 seconds and was stopped'),
      evidence: ['waiting'],
    });
    expect(rehearsal.onMachine(failure?.machine?.id ?? '', 'ps -eo args')).not.toMatch(/sleep \d/);
    await rehearsal.spot('destroy', '--local', '--yes');
  });

  it('names what cloud-init failed at', async () => {
    rehearsal.write({
      'deployment/setup.sh': '#!/bin/bash\n',
      '.spot/config.yaml': 'regions:\n  - us-west-2: {}\npackages: [no-such-package-xyz]\n',
    });
    const failed = await create('--json');
    expect(failed.code).toBe(1);
    const [failure] = documentOf(failed).failures;
    expect(failure?.error.code).toBe('SPOT-E-PREFLIGHT');
    expect(`${failure?.error.message} ${failure?.error.evidence.join(' ')}`).toContain(
      'Unable to locate package no-such-package-xyz',
    );
    expect(rehearsal.containers()).toEqual([]);
  });
});

describe('a machine that was ready', () => {
  const rehearsal = new Rehearsal('drifting', {
    '.spot/config.yaml': 'regions:\n  - us-west-2: {}\n',
    'deployment/setup.sh': `#!/bin/bash
sed -i s/NAME/$SPOT_MACHINE_ID/ filled-in.conf
exec python3 -m http.server 8080
`,
    'filled-in.conf': 'name=NAME\n',
    'changed.txt': 'as sent\n',
    'removed.txt': 'as sent\n',
    'mode.txt': 'as sent\n',
    'owner.txt': 'as sent\n',
  });
  let id: string;
  const release = '/opt/spot/current';
  const list = async () => (await rehearsal.json<ListReport>('list', '--local')).machines;
  const failing = async (): Promise<readonly Check[]> => {
    const report = await rehearsal.json<VerifyReport>('verify', '--local');
    return report.machines.flatMap(({ checks }) => checks.filter(({ ok }) => !ok));
  };

  beforeAll(async () => {
    await rehearsal.spot('create', '--local', '--count', '1');
    id = (await list())[0]?.id ?? '';
  });

  afterAll(() => rehearsal.dispose());

  it('may have files that its setup.sh changed', async () => {
    expect(rehearsal.onMachine(id, `cat ${release}/filled-in.conf`)).toBe(`name=${id}\n`);
    const verified = await rehearsal.spot('verify', '--local');
    expect(verified.code).toBe(0);
    expect(verified.stdout).toContain('1 of them changed by its own steps');
  });

  it.each([
    [
      'changed',
      'echo tampered > changed.txt',
      'cp -p mode.txt changed.txt',
      '"changed.txt": has other content',
    ],
    ['removed', 'mv removed.txt /tmp', 'mv /tmp/removed.txt .', '"removed.txt": is missing'],
    ['chmod-ed', 'chmod 600 mode.txt', 'chmod 644 mode.txt', '"mode.txt": has mode 0600, not 0644'],
    ['chown-ed', 'chown 1:2 owner.txt', 'chown 0:0 owner.txt', '"owner.txt": belongs to 1:2, not to 0:0'],
    [
      'changed after setup.sh',
      'sed -i s/name/title/ filled-in.conf',
      'sed -i s/title/name/ filled-in.conf',
      '"filled-in.conf": has other content',
    ],
  ])('is found out when a file was %s by hand', async (_how, tamper, mend, named) => {
    rehearsal.onMachine(id, `cd ${release} && ${tamper}`);
    const found = await failing();
    expect(found.map((check) => check.id)).toEqual(['files']);
    expect(found[0]?.actual).toBe(`1 differ: ${named}`);
    expect((await rehearsal.spot('verify', '--local')).code).toBe(1);
    rehearsal.onMachine(id, `cd ${release} && ${mend}`);
    expect(await failing()).toEqual([]);
  });

  it('is listed as failing, and verify names the unit, when its service dies for good', async () => {
    rehearsal.onMachine(id, 'systemctl stop spot-setup.service');
    expect(await list()).toMatchObject([{ id, phase: 'ready', health: 'failing' }]);
    const verified = await rehearsal.spot('verify', '--local');
    expect(verified.code).toBe(1);
    expect(verified.stdout).toMatch(/✗ +unit\/spot-setup +enabled, inactive/);
    rehearsal.onMachine(id, 'systemctl start spot-setup.service');
  });

  it('is shown as gone, and replaced by create, when it powers itself off', async () => {
    await rehearsal.spot('ssh', '--local', id, '--', 'sudo', 'poweroff');
    await until(async () => (await list()).length === 0);
    const verified = await rehearsal.spot('verify', '--local');
    expect(verified.stdout).toContain('No machines to verify.');
    const result = documentOf(await rehearsal.spot('create', '--local', '--count', '1', '--json'));
    expect(result).toMatchObject({ exitCode: 0, machines: [{ phase: 'ready' }] });
    expect(result.machines[0]?.id).not.toBe(id);
    expect(rehearsal.containers()).toEqual([`spot-${result.machines[0]?.id}`]);
  });
});

/** Names of the files in a saved archive. */
function filesOf(archive: string): readonly string[] {
  const listing = execFileSync('tar', ['--list', '--file', archive], { encoding: 'utf8' });
  return listing.split('\n').map((name) => name.replace('./', ''));
}
