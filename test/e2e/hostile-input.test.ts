import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CreateResult, ListReport, VerifyReport } from '../../src/fleet/report.ts';
import { writeHostileTree } from './support/hostile-tree.ts';
import { Rehearsal } from './support/rehearsal.ts';
import { startSpot } from './support/spot-process.ts';

const setup = '#!/bin/bash\necho set up\n';

/** What is in a folder, by other means than ours: a NUL-ended record for each name, link, size, mode and content. */
function listTree(leftOut: readonly string[] = []): string {
  const find = `find . -mindepth 1 ${leftOut.map((path) => `-path ./${path} -prune -o`).join(' ')}`;
  return `
    ${find} -printf '%y %P -> %l\\0'
    ${find} -type f -printf 'size %s %P\\0'
    ${find} -type f -perm -u=x -printf 'executable %P\\0'
    ${find} -type f -print0 | xargs -0 sha256sum -z --`;
}

const recordsOf = (listing: string) => new Set(listing.split('\0'));
const without = (all: ReadonlySet<string>, some: ReadonlySet<string>) =>
  [...all].filter((record) => !some.has(record));

describe('a project of hostile names, odd modes, links, a large file and very many small ones', () => {
  const leftOut = ['.git', 'node_modules', 'packages/a/node_modules', '.spot', 'build', 'debug.log'];
  const rehearsal = new Rehearsal('hostile', {
    'deployment/setup.sh': setup,
    '.spotignore': '# built elsewhere\n/build\n*.log\n!kept.log\n',
    'kept.log': 'taken back in',
    'packages/a/build/kept': 'only the build folder at the top is left out',
    ...Object.fromEntries(leftOut.map((path) => [`${path}${path.endsWith('.log') ? '' : '/x'}`, 'left out'])),
    '.env': 'ANSWER=42\n',
  });
  const here = (script: string) =>
    execFileSync('bash', ['-c', script], { cwd: rehearsal.root, encoding: 'utf8', maxBuffer: 2 ** 26 });
  const onMachine = (script: string) => rehearsal.onMachine(id, `cd /opt/spot/current/ && ${script}`);
  let created: CreateResult;
  let id = '';

  beforeAll(async () => {
    writeHostileTree(rehearsal.root, { largeMegabytes: 300, smallFiles: 20_000 });
    const peakFile = join(rehearsal.folder, 'peak');
    const measure = new URL('../../bench/peak-memory.js', import.meta.url).href;
    const { stdout } = await startSpot(['create', '--count', '1', '--json'], {
      cwd: rehearsal.root,
      env: { ...rehearsal.environment, NODE_OPTIONS: `--import ${measure}`, SPOT_BENCH_PEAK_FILE: peakFile },
    });
    created = JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
    id = created.machines[0]?.id ?? '';
    const megabytes = Math.round(Number(readFileSync(peakFile, 'utf8')) / 1024);
    process.stderr.write(`spot create, 300 MB in one file and 20,000 more: ${megabytes} MB at its peak\n`);
  });

  afterAll(async () => {
    chmodSync(join(rehearsal.root, 'modes/folder'), 0o755);
    await rehearsal.dispose();
  });

  it('becomes a machine that is ready and passes every check', async () => {
    expect(created).toMatchObject({
      failures: [],
      exitCode: 0,
      machines: [{ phase: 'ready', health: 'ok' }],
    });
    const { ok } = await rehearsal.json<VerifyReport>('verify');
    expect(ok).toBe(true);
  });

  it('is on the machine byte for byte, with each name, link and executable bit', () => {
    const expected = recordsOf(here(listTree(leftOut)));
    const found = recordsOf(onMachine(listTree()));
    expect(expected.size).toBeGreaterThan(60_000);
    expect(without(expected, found), 'missing on the machine').toEqual([]);
    expect(without(found, expected), 'only on the machine').toEqual([]);
  });

  it('belongs to root there, with modes that do not depend on those here', () => {
    const modes = onMachine("find . ! -type l -printf '%y %m %u:%g\\n' | sort -u").trim().split('\n');
    expect(modes).toEqual(['d 755 root:root', 'f 600 root:root', 'f 644 root:root', 'f 755 root:root']);
    expect(onMachine('find . -type f -perm 600 -print')).toBe('./.env\n');
  });

  it('leaves out .git, node_modules, .spot and what .spotignore names, and nothing else', () => {
    const there = leftOut.filter((path) => onMachine(`[ ! -e ${path} ] || echo there`) !== '');
    expect(there).toEqual([]);
    expect(onMachine('cat kept.log packages/a/build/kept .env')).toBe(
      'taken back inonly the build folder at the top is left outANSWER=42\n',
    );
  });

  it('has had no name run as a command, here or there', () => {
    expect(rehearsal.onMachine(id, 'find / -xdev -name pwned')).toBe('');
    expect(here(`find .. '${process.cwd()}' -name pwned`)).toBe('');
  });
});

describe('a symbolic link that leaves the project', () => {
  const rehearsal = new Rehearsal('links', { 'deployment/setup.sh': setup, 'a/b/c/file': 'x' });
  const link = (path: string, target: string) => symlinkSync(target, join(rehearsal.root, path));

  beforeAll(() => {
    writeFileSync(join(rehearsal.folder, 'outside'), 'not of the project');
    // Leads to the project itself, and is no error.
    link('a/b/c/up', '../../..');
  });
  afterAll(() => rehearsal.dispose());

  it.each([
    ['by an absolute path', 'a/absolute', '/etc/hostname'],
    ['by going up', 'a/two up', '../../outside'],
    ['through another link', 'a/b/c/hidden', 'up/../outside'],
    ['to nothing that is there', 'a/nothing', '../../no such file'],
  ])('is refused by its name before anything is launched: %s', async (_, path, target) => {
    link(path, target);
    const { code, stderr, stdout } = await rehearsal.spot('create');
    rmSync(join(rehearsal.root, path));
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(`SPOT-E-PROJECT-SYMLINK  The link "${path}" leads to "${target}"`);
    expect(rehearsal.containers()).toEqual([]);
    expect(existsSync(join(rehearsal.root, '.spot'))).toBe(false);
  });
});

describe('a project folder whose own path is hostile', () => {
  const rehearsal = new Rehearsal('path', {});
  const root = join(rehearsal.folder, 'node_modules', '.git', `it's "my" prøjéct 100%h \\ $(touch pwned)`);
  const spot = (...args: readonly string[]) => startSpot(args, { cwd: root, env: rehearsal.environment });
  const json = async <Document>(...args: readonly string[]) => {
    const { stdout } = await spot(...args, '--json');
    return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Document;
  };
  let id = '';

  beforeAll(async () => {
    for (const folder of ['deployment', 'node_modules']) mkdirSync(join(root, folder), { recursive: true });
    writeFileSync(join(root, 'deployment/setup.sh'), setup);
    writeFileSync(join(root, 'node_modules/x'), 'left out');
    writeFileSync(join(root, 'kept'), 'delivered');
    const created = await json<CreateResult>('create', '--count', '1');
    expect(created).toMatchObject({
      deployment: 'it-s-my-pr-ject-100-h-touch-pwned',
      failures: [],
      exitCode: 0,
    });
    id = created.machines[0]?.id ?? '';
  });
  afterAll(() => rehearsal.dispose());

  it('is delivered like any other: what is left out is judged from the project on', () => {
    expect(rehearsal.onMachine(id, 'cd /opt/spot/current/ && find . -type f | sort')).toBe(
      './deployment/setup.sh\n./kept\n',
    );
  });

  it('is no trouble to any command', async () => {
    expect(await json<ListReport>('list')).toMatchObject({ machines: [{ id, phase: 'ready' }] });
    expect(await json<VerifyReport>('verify')).toMatchObject({ ok: true });
    expect(await spot('logs', id, '--step', 'setup')).toMatchObject({ code: 0, stdout: 'set up\n' });
    expect(await spot('ssh', id, '--', 'cat /opt/spot/current/kept')).toMatchObject({
      code: 0,
      stdout: 'delivered',
    });
    const { stdout: archive } = await spot('debug', id);
    expect(existsSync(archive.trim().replace(/^\[.*?\] /, ''))).toBe(true);
    expect(await spot('destroy', '--yes')).toMatchObject({ code: 0 });
    expect(rehearsal.containers()).toEqual([]);
    expect(existsSync(join(root, 'pwned'))).toBe(false);
  });
});
