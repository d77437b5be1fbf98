import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CreateResult, VerifyReport } from '../../src/fleet/report.ts';
import { watchEvents } from './support/event-watch.ts';
import { Rehearsal } from './support/rehearsal.ts';

/** A value that exists nowhere else on this computer. */
const unique = (name: string) => `${name}-${randomBytes(12).toString('hex')}`;

const values = {
  key: unique('key'),
  password: unique('password'),
  token: unique('token'),
  quoted: unique('quoted'),
  former: unique('former'),
};
const secrets = {
  'secrets/api.key': `${values.former}\n`,
  'credentials/x.json': `{"user": "app", "nested": [{"password": "${values.password}"}]}\n`,
  '.env': `export TOKEN=${values.token} # made for the test\n`,
  'deployment/.env': `QUOTED="${values.quoted}"\n`,
};

/** Reads every secret, as a setup does, and prints them all, as a careless one does. */
const setup = `#!/bin/bash
set -e
. ./.env
. deployment/.env
password=$(python3 -c 'import json; print(json.load(open("credentials/x.json"))["nested"][0]["password"])')
echo "key $(cat secrets/api.key), token $TOKEN, quoted $QUOTED" | tee /root/used
echo "the password is '$password'" | tee -a /root/used >&2
`;
const failing = `${setup}\nexit 7\n`;
/** Keeps something for root alone, as a database does. */
const keeping = `${setup}\n(umask 077; mkdir data; echo ordinary words > data/base)\ncat data/base\n`;
/** Fills in a secret file, then takes its time. */
const patient = `#!/bin/bash
echo MADE=here >> .env
echo filled in
until [ -e /root/go ]; do sleep 0.1; done
`;

describe('the secret files of a project', () => {
  const rehearsal = new Rehearsal('secrets', { 'deployment/setup.sh': setup, ...secrets });
  /** What commands said, what the evidence holds, what Docker knows: everything that a person may hand on. */
  const seen = join(rehearsal.folder, 'seen');
  let id = '';
  let first: CreateResult;

  const keep = (name: string, text: string) => writeFileSync(join(seen, name), text);
  /** Runs a command and keeps all that it says. */
  const spot = async (name: string, ...words: readonly string[]) => {
    const result = await rehearsal.spot(...words);
    keep(name, `${result.stdout}\n${result.stderr}`);
    return result;
  };
  const onMachine = (script: string) => rehearsal.onMachine(id, `cd /opt/spot/current/; ${script}`);

  /** Files in these places that hold any of the values. */
  const filesWith = (texts: readonly string[], ...places: readonly string[]) =>
    execFileSync(
      'bash',
      // Other programs' files in the temporary folder come and go meanwhile.
      [
        '-c',
        'grep -rlF --devices=skip -f <(printf "%s\\n" "$0") -- "$@" 2>/dev/null || true',
        texts.join('\n'),
        ...places,
      ],
      { encoding: 'utf8' },
    )
      .split('\n')
      .filter((line) => line !== '');

  const keepEvidence = (archive: string) => {
    const folder = join(seen, 'evidence', archive.split('/').at(-1) ?? '');
    mkdirSync(folder, { recursive: true });
    execFileSync('tar', ['--extract', '--gzip', '--file', archive, '--directory', folder]);
    return folder;
  };

  beforeAll(async () => {
    mkdirSync(seen);
    const { stdout } = await spot('create.json', 'create', '--count', '1', '--json');
    first = JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
    id = first.machines[0]?.id ?? '';
  });
  afterAll(() => rehearsal.dispose());

  it('reach the machine, for root alone, and work there', () => {
    expect(first).toMatchObject({ failures: [], exitCode: 0 });
    for (const [path, content] of Object.entries(secrets)) {
      expect(onMachine(`stat --format='%a %U:%G' ${path}; cat ${path}`), path).toBe(
        `600 root:root\n${content}`,
      );
    }
    expect(onMachine("stat --format='%a %n' secrets credentials deployment")).toBe(
      '700 secrets\n700 credentials\n755 deployment\n',
    );
    expect(onMachine('cat /root/used')).toBe(
      `key ${values.former}, token ${values.token}, quoted ${values.quoted}\nthe password is '${values.password}'\n`,
    );
  });

  it('make another release when one of them changes, and go with the files when one is removed', async () => {
    rehearsal.write({ 'secrets/api.key': `${values.key}\n` });
    const changed = await rehearsal.json<CreateResult>('create', '--count', '1');
    expect(changed).toMatchObject({ failures: [], machines: [{ id, phase: 'ready' }] });
    expect(changed.release).not.toBe(first.release);
    expect(onMachine('stat --format=%a secrets/api.key; cat secrets/api.key')).toBe(`600\n${values.key}\n`);

    rehearsal.write({ 'secrets/other.key': 'x' });
    const added = await rehearsal.json<CreateResult>('create', '--count', '1');
    rmSync(join(rehearsal.root, 'secrets/other.key'));
    const removed = await rehearsal.json<CreateResult>('create', '--count', '1');
    expect([added.exitCode, removed.exitCode]).toEqual([0, 0]);
    expect(removed.release).toBe(changed.release);
    expect(onMachine('ls secrets')).toBe('api.key\n');
    expect(await rehearsal.json<VerifyReport>('verify')).toMatchObject({ ok: true });
  });

  it('are compared by verify with what they were at the activation', async () => {
    onMachine('sed -i "s/^./X/" secrets/api.key');
    const { stdout } = await rehearsal.spot('verify');
    expect(stdout).toContain('"secrets/api.key": has other content');
    onMachine('sed -i "s/^./k/" secrets/api.key');
    expect(await rehearsal.json<VerifyReport>('verify')).toMatchObject({ ok: true });
  });

  it('are in nothing that any command says or leaves, even when the script prints them', async () => {
    rehearsal.write({ 'deployment/setup.sh': failing });
    expect((await spot('create', 'create', '--count', '1')).code).toBe(1);
    // The machine holds values that the project has no more, and the other way round.
    rehearsal.write({ '.env': 'TOKEN=changed-meanwhile\n' });
    await spot('logs', 'logs', id);
    await spot('logs.json', 'logs', id, '--json');
    await spot('logs-setup', 'logs', id, '--step', 'setup');
    await spot('verify', 'verify');
    await spot('verify.json', 'verify', '--json');
    await spot('list.json', 'list', '--json');
    await spot('plan', 'plan');
    await spot('plan.json', 'plan', '--json');
    await spot('debug', 'debug', id);
    const archives = execFileSync('find', [join(rehearsal.root, '.spot'), '-name', '*.tar.gz'], {
      encoding: 'utf8',
    });
    const folders = archives.trim().split('\n').map(keepEvidence);
    expect(folders, 'of the failed create and of debug').toHaveLength(2);
    keep('container.json', rehearsal.docker('inspect', `spot-${id}`));
    keep('container-logs', rehearsal.docker('logs', `spot-${id}`));
    const environment: readonly string[] = JSON.parse(
      rehearsal.docker('inspect', '--format', '{{json .Config.Env}}', `spot-${id}`),
    );
    const decoded = environment.map((variable) =>
      Buffer.from(variable.split('=')[1] ?? '', 'base64').toString(),
    );
    expect(decoded.join('\n'), 'the metadata with the user data').toContain(id);
    keep('environment', [...environment, ...decoded].join('\n'));
    keep('user-data', onMachine('cat /var/lib/cloud/instance/user-data.txt'));

    // Proves that these would show it: the script did print, and what it printed was collected.
    expect(filesWith(['the password is'], seen).length).toBeGreaterThan(5);
    expect(filesWith(['[redacted], token [redacted], quoted [redacted]'], seen).length).toBeGreaterThan(5);
    const places = [seen, join(rehearsal.root, '.spot'), join(rehearsal.folder, 'cache'), tmpdir()];
    expect(filesWith(Object.values(values), ...places)).toEqual([]);
  });

  it('are what was sent, not what a service keeps for itself; and a broken project hides no log', async () => {
    rehearsal.write({ 'deployment/setup.sh': keeping });
    expect((await spot('create-keeping', 'create', '--count', '1')).code).toBe(0);
    rehearsal.write({ 'deployment/setup.sh': 'if\n' });
    const { code, stdout } = await spot('logs-keeping', 'logs', id);
    expect(code).toBe(0);
    expect(stdout).toContain('ordinary words');
    expect(stdout).toContain('[redacted], token [redacted], quoted [redacted]');
    expect((await spot('debug-keeping', 'debug', id)).code).toBe(0);
  });

  it('leave no digest behind either, by which a short one could be guessed', () => {
    const digests = Object.values(secrets).map((content) =>
      createHash('sha256').update(content).digest('hex'),
    );
    expect(filesWith(digests, seen, join(rehearsal.root, '.spot'), join(rehearsal.folder, 'cache'))).toEqual(
      [],
    );
    expect(
      onMachine(`grep -lF -e ${digests.join(' -e ')} /var/lib/spot/releases/*/release.json || true`),
    ).toBe('');
  });

  it('are in no record on the machine but the files themselves', () => {
    const everyValue = Object.values(values).join(' -e ');
    const records =
      '/var/lib/spot/journal.jsonl /var/lib/spot/machine.env /var/lib/spot/releases /etc /var/lib/cloud';
    expect(onMachine(`grep -rlF -e ${everyValue} ${records} || true`)).toBe('');
    expect(onMachine(`journalctl --no-pager | grep -cF -e ${everyValue} || true`)).toBe('0\n');
  });

  it('keep what the script has made of them when create comes back to a script at work', async () => {
    rehearsal.write({ 'deployment/setup.sh': patient, '.env': `TOKEN=${values.token}\n` });
    const killed = rehearsal.spot('create', '--count', '1', '--json');
    await watchEvents(killed).next(({ line }) => line === 'filled in');
    killed.process.kill('SIGKILL');
    await killed;
    const back = watchEvents(rehearsal.spot('create', '--count', '1', '--json'));
    await back.next(({ line }) => line === 'filled in');
    onMachine('touch /root/go');
    expect(await back.result()).toMatchObject({ failures: [], exitCode: 0 });
    expect(onMachine('cat .env')).toBe(`TOKEN=${values.token}\nMADE=here\n`);
  });
});
