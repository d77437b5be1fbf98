import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PlanReport } from '../../src/fleet/plan.ts';
import type { CreateResult, ListReport, VerifyReport } from '../../src/fleet/report.ts';
import { Rehearsal } from './support/rehearsal.ts';
import { until } from './support/until.ts';

const app = `
import http.server, os
os.chdir('/srv/site')
http.server.ThreadingHTTPServer(('', 8080), http.server.SimpleHTTPRequestHandler).serve_forever()
`;
/** The smallest project there is: an install step, then a server that never returns. */
const setup = `#!/bin/bash
set -e
echo "installing on machine number $SPOT_INDEX"
install -D -m 644 greeting.txt /srv/site/index.html
python3 app.py
`;

describe('a folder with nothing but deployment/setup.sh', () => {
  const rehearsal = new Rehearsal('site', {
    'deployment/setup.sh': setup,
    'app.py': app,
    'greeting.txt': 'hello\n',
  });
  let created: CreateResult;
  const ids = async () => (await list()).machines.map(({ id }) => id);
  const list = () => rehearsal.json<ListReport>('list', '--local');
  const greeting = (id: string) => rehearsal.onMachine(id, 'curl -sS http://127.0.0.1:8080/');

  beforeAll(async () => {
    const plan = await rehearsal.json<PlanReport>('plan', '--local', '--count', '2');
    expect(existsSync(join(rehearsal.root, '.spot')), 'plan writes nothing').toBe(false);
    expect(rehearsal.containers(), 'plan launches nothing').toEqual([]);
    created = await rehearsal.json<CreateResult>('create', '--local', '--count', '2');
    expect(created.release, 'plan names the release that create makes').toBe(plan.release);
  });

  afterAll(() => rehearsal.dispose());

  it('becomes two machines that serve, one a region', async () => {
    expect(created).toMatchObject({ deployment: 'site', failures: [], exitCode: 0 });
    expect(created.machines.map(({ phase, health }) => `${phase} ${health}`)).toEqual([
      'ready ok',
      'ready ok',
    ]);
    expect(created.machines.map(({ region }) => region).sort()).toEqual(['us-east-1', 'us-west-2']);
    expect(created.machines.map(({ id }) => greeting(id))).toEqual(['hello\n', 'hello\n']);
    expect(rehearsal.containers()).toHaveLength(2);
  });

  it('is verified by a numbered list, as a table, as JSON and as TAP', async () => {
    const [first = ''] = await ids();
    const table = await rehearsal.spot('verify', '--local');
    expect(table.code).toBe(0);
    expect(table.stdout).toContain(`[${first}]`);
    expect(table.stdout).toMatch(/\n {3}1 {2}✓ {2}cloud-init +ended without errors\n {3}2 {2}✓/);
    expect(table.stdout).toContain('2 machines verified: every check holds.');

    const report = await rehearsal.json<VerifyReport>('verify', '--local', first);
    expect(report).toMatchObject({ schema: 'spot-deployer/verify/v1', ok: true, machines: [{ id: first }] });
    const checks = report.machines[0]?.checks ?? [];
    expect(checks.map(({ n }) => n)).toEqual(checks.map((_, index) => index + 1));
    expect(checks.map(({ id }) => id)).toEqual([
      ...['cloud-init', 'directories', 'files', 'current'],
      ...['step/preflight', 'step/files', 'step/setup', 'step/health', 'step/finish'],
      ...['unit/spot-runner', 'unit/spot-setup', 'failed-units', 'release'],
    ]);
    for (const check of checks) {
      expect(Object.keys(check)).toEqual(['n', 'id', 'ok', 'expected', 'actual', 'hint']);
      expect(check).toMatchObject({ ok: true, hint: '' });
    }

    const tap = await rehearsal.spot('verify', '--local', '--tap', first);
    expect(tap.code).toBe(0);
    expect(tap.stdout).toMatch(
      /^TAP version 14\n1\.\.1\n# Subtest: i-\w+\n {4}1\.\.13\n {4}ok 1 - cloud-init\n/,
    );
    expect(tap.stdout).toContain(`\nok 1 - ${first}\n`);
  });

  it('shows the log of the whole, of one step, and what is still being written', async () => {
    const [first = ''] = await ids();
    const whole = await rehearsal.spot('logs', '--local', first);
    expect(whole.code).toBe(0);
    expect(whole.stdout).toMatch(
      /preflight[\s\S]*installing on machine number 0[\s\S]*release \w{12} is active/,
    );
    const step = await rehearsal.spot('logs', '--local', first, '--step', 'setup');
    expect(step.stdout).toMatch(/^installing on machine number 0\n/);
    expect(step.stdout).not.toContain('is active');

    const following = rehearsal.spot('logs', '--local', first, '-f', '--step', 'setup');
    await following.until(/installing on machine number 0/);
    greeting(first);
    await following.until(/"GET \/ HTTP\/1\.1" 200[\s\S]*"GET \/ HTTP\/1\.1" 200/);
    following.process.kill('SIGINT');
    expect((await following).code).toBe(130);
  });

  it('runs a command on a machine with every word as it is, and passes on its exit code', async () => {
    const [first = ''] = await ids();
    const words = ['two  words', "it's", '"quoted"', '$HOME;#', '', 'ä\nb', '-n'];
    const kept = await rehearsal.spot('ssh', '--local', first, '--', 'printf', '[%s]', ...words);
    expect(kept).toMatchObject({ code: 0, stdout: words.map((word) => `[${word}]`).join('') });
    const line = await rehearsal.spot('ssh', '--local', first, '--', 'cd /srv && pwd; exit 37');
    expect(line).toMatchObject({ code: 37, stdout: '/srv\n' });
  });

  it('has nothing to do when create is called again', async () => {
    const before = await ids();
    const again = await rehearsal.spot('create', '--local', '--count', '2', '--json');
    expect(again.code).toBe(0);
    const events = again.stdout.split('\n').filter((line) => line.includes('spot-deployer/event/v1'));
    expect(events.join('\n')).not.toMatch(/"event":"(launched|upload|step)"/);
    expect(await ids()).toEqual(before);
  });

  it('brings a changed file to the same machines as a new release', async () => {
    const before = await ids();
    rehearsal.write({ 'greeting.txt': 'hello again\n' });
    const next = await rehearsal.json<CreateResult>('create', '--local', '--count', '2');
    expect(next).toMatchObject({ failures: [], exitCode: 0 });
    expect(next.release).not.toBe(created.release);
    expect(next.machines.map(({ id, release }) => ({ id, release }))).toEqual(
      before.map((id) => ({ id, release: next.release })),
    );
    expect(before.map(greeting)).toEqual(['hello again\n', 'hello again\n']);
    const verified = await rehearsal.spot('verify', '--local');
    expect(verified.code, verified.stdout + verified.stderr).toBe(0);
  });

  it('ends one machine by its id, launches one in its place, and grows with --count', async () => {
    const [first = '', second = ''] = await ids();
    const destroyed = await rehearsal.spot('destroy', '--local', '--yes', first);
    expect(destroyed.code).toBe(0);
    expect(await ids()).toEqual([second]);
    expect(rehearsal.containers()).toEqual([`spot-${second}`]);

    const grown = await rehearsal.json<CreateResult>('create', '--local', '--count', '3');
    expect(grown).toMatchObject({ failures: [], exitCode: 0 });
    expect(grown.machines.map(({ id }) => id)).toContain(second);
    expect(grown.machines.map(({ id }) => id)).not.toContain(first);
    expect(grown.machines.map(({ phase }) => phase)).toEqual(['ready', 'ready', 'ready']);
    // Numbers are given anew, none twice.
    expect(
      grown.machines.map(({ id }) => rehearsal.onMachine(id, 'grep SPOT_INDEX /var/lib/spot/machine.env')),
    ).toEqual(['SPOT_INDEX=0\n', 'SPOT_INDEX=1\n', 'SPOT_INDEX=2\n']);
  });

  it('leaves nothing at all when it is destroyed', async () => {
    const volumes = volumesOf(rehearsal);
    expect(volumes.length).toBeGreaterThan(0);
    expect(networksOf(rehearsal), 'no network was made that could be left').toEqual(['bridge']);
    const destroyed = await rehearsal.spot('destroy', '--local', '--yes');
    expect(destroyed.code).toBe(0);
    expect(destroyed.stdout).toContain('nothing is left');
    expect(rehearsal.containers()).toEqual([]);
    expect(rehearsal.docker('volume', 'ls', '--quiet').split('\n')).not.toEqual(
      expect.arrayContaining([expect.toBeOneOf([...volumes])]),
    );
    expect(existsSync(join(rehearsal.root, '.spot')), 'the user had no .spot').toBe(false);
    expect((await list()).machines).toEqual([]);
    const again = await rehearsal.spot('destroy', '--local', '--yes');
    expect(again).toMatchObject({ code: 0, stdout: 'site: nothing to destroy.\n' });
  });
});

describe('a project with an init.sh and a .spot/config.yaml that wants a port and a reboot', () => {
  const config =
    'aws: {total_instances: 1}\nregions:\n  - eu-west-1: {machine_type: t3.small}\nports: [8080]\n';
  const rehearsal = new Rehearsal('served', {
    'deployment/init.sh': setup,
    'app.py': app,
    'greeting.txt': 'hello\n',
    '.spot/config.yaml': `${config}reboot: true\n`,
  });
  let detached: Awaited<ReturnType<Rehearsal['spot']>>;
  let id: string;
  const list = () => rehearsal.json<ListReport>('list', '--local');
  const endpoint = async () => (await list()).machines[0]?.endpoints['8080'] ?? '';
  const lastChange = () => rehearsal.onMachine(id, 'tail -n 1 /var/lib/spot/journal.jsonl');
  const answer = async () => (await fetch(`http://${await endpoint()}/`)).text();

  beforeAll(async () => {
    detached = await rehearsal.spot('create', '--local', '--detach');
    id = (await list()).machines[0]?.id ?? '';
  });

  afterAll(() => rehearsal.dispose());

  it('gets ready alone after --detach, reboot and all', async () => {
    expect(detached.code).toBe(0);
    expect(detached.stdout).toContain('1 machine runs on alone');
    expect(detached.stderr, 'returned before the script ran').not.toContain('deployment/init.sh: ');
    // Asked past everything of ours, so that the machine is alone indeed.
    await until(() => lastChange().includes('"state":"done"'));
    const report = await rehearsal.json<VerifyReport>('verify', '--local');
    expect(report.machines[0]?.checks).toContainEqual(
      expect.objectContaining({ id: 'reboot', ok: true, actual: 'came back and was checked again' }),
    );
    expect(report.ok).toBe(true);
    const states = rehearsal.onMachine(
      id,
      'grep -o \'"step":"release","state":"[a-z]*"\' /var/lib/spot/journal.jsonl',
    );
    expect(states.match(/[a-z]+(?="\n)/g)).toEqual(['started', 'rebooting', 'done']);
  });

  it('answers over HTTP from this computer, where list says', async () => {
    expect(await answer()).toBe('hello\n');
    const release = (await rehearsal.json<PlanReport>('plan', '--local')).release;
    expect(await list()).toEqual({
      schema: 'spot-deployer/list/v1',
      deployment: 'served',
      machines: [
        {
          id: expect.stringMatching(/^i-[0-9a-f]{17}$/),
          region: 'eu-west-1',
          zone: expect.stringMatching(/^eu-west-1[a-c]$/),
          type: 't3.small',
          state: 'running',
          address: '127.0.0.1',
          endpoints: { '8080': expect.stringMatching(/^127\.0\.0\.1:\d+$/) },
          release,
          phase: 'ready',
          health: 'ok',
          launchedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
          price: expect.any(Number),
          orphan: false,
        },
      ],
    });
  });

  it('is followed through its reboot by a create that stays', async () => {
    rehearsal.write({ 'greeting.txt': 'after the reboot\n' });
    const created = await rehearsal.spot('create', '--local');
    expect(created.code, created.stderr).toBe(0);
    expect(created.stderr).toMatch(/rebooting[\s\S]*verifying[\s\S]*ready/);
    expect(await answer()).toBe('after the reboot\n');
  });

  it('serves again, and is verified again, after a reboot by hand', async () => {
    const booted = () => rehearsal.onMachine(id, 'stat --format=%Y /proc/1');
    const before = booted();
    await rehearsal.spot('ssh', '--local', id, '--', 'sudo', 'reboot');
    await until(() => booted() !== before);
    await until(async () => (await rehearsal.spot('verify', '--local')).code === 0);
    expect(await answer()).toBe('after the reboot\n');
  });

  it('is destroyed without the user’s own .spot', async () => {
    expect((await rehearsal.spot('destroy', '--local', '--yes')).code).toBe(0);
    expect(rehearsal.containers()).toEqual([]);
    expect(existsSync(join(rehearsal.root, '.spot/config.yaml'))).toBe(true);
    expect(existsSync(join(rehearsal.root, '.spot/state'))).toBe(false);
    rmSync(join(rehearsal.root, '.spot/config.yaml'));
  });
});

/** Volumes that the machines of a rehearsal have. */
function volumesOf(rehearsal: Rehearsal): readonly string[] {
  const format = '{{range .Mounts}}{{if eq .Type "volume"}}{{println .Name}}{{end}}{{end}}';
  return words(rehearsal.docker('inspect', '--format', format, ...rehearsal.containers()));
}

function networksOf(rehearsal: Rehearsal): readonly string[] {
  const format = '{{range $name, $_ := .NetworkSettings.Networks}}{{println $name}}{{end}}';
  return [...new Set(words(rehearsal.docker('inspect', '--format', format, ...rehearsal.containers())))];
}

function words(text: string): readonly string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}
