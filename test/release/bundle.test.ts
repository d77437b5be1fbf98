import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { defaultSettings } from '../../src/config/default-settings.ts';
import { collect } from '../../src/project/collect.ts';
import type { Deployment } from '../../src/project/deployment.ts';
import { discover } from '../../src/project/discover.ts';
import { secretFiles, writeBundle } from '../../src/release/bundle.ts';
import { deploymentOf } from '../fixtures/deployment-of.ts';
import { errorsOf } from '../fixtures/errors-of.ts';
import { type Content, temporaryFolder } from '../fixtures/temporary-project.ts';

const bundleOf = async (deployment: Deployment) => {
  const path = join(temporaryFolder(), 'cache/bundle.tar');
  return { path, ...(await writeBundle(deployment, path)) };
};

const bytesOf = async (deployment: Deployment) => readFileSync((await bundleOf(deployment)).path);

const untar = (path: string) => {
  const folder = temporaryFolder();
  execFileSync('tar', ['-xpf', path, '-C', folder]);
  return folder;
};

const hostile: Record<string, Content> = {
  ' lead and trail ': '1',
  '-rf': '2',
  'a"b\'c': '3',
  'a\nb': '4',
  'a\\b': '5',
  'ünïcödé/😀': '6',
  [`${'long/'.repeat(40)}${'n'.repeat(120)}`]: '7',
  ['n'.repeat(255)]: '8',
  [`${'d'.repeat(154)}/${'f'.repeat(100)}`]: '9',
  empty: '',
  'empty folder/': '',
  'read-only': { content: 'x', mode: 0o444 },
  tool: { content: 'x', mode: 0o755 },
  'sized/512': 'x'.repeat(512),
  'sized/513': 'x'.repeat(513),
  'sized/1M': Buffer.alloc(1024 * 1024, 'a'),
  'sized/1M+1': Buffer.alloc(1024 * 1024 + 1, 'b'),
  'sized/5M': Buffer.alloc(5_000_000, 'c'),
  link: { link: 'a"b\'c' },
  'long link': { link: `${'long/'.repeat(40)}${'n'.repeat(120)}` },
  'ünïcödé link': { link: 'ünïcödé/😀' },
};

it('is a tar from which GNU tar makes the same tree', async () => {
  const deployment = await deploymentOf(hostile);
  const { path } = await bundleOf(deployment);
  const extracted = await collect(untar(path), () => false);
  expect(extracted.entries).toEqual(deployment.entries);
});

it('is root’s, with normal modes, sorted, without times', async () => {
  const deployment = await deploymentOf({ 'b/c': { content: '', mode: 0o777 }, a: { link: 'b/c' } });
  const { path } = await bundleOf(deployment);
  const list = execFileSync('tar', ['--utc', '-tvf', path]).toString();
  expect(list.replace(/ {2,}/g, ' ').trim().split('\n')).toEqual([
    'lrwxrwxrwx root/root 0 1970-01-01 00:00 a -> b/c',
    'drwxr-xr-x root/root 0 1970-01-01 00:00 b',
    '-rwxr-xr-x root/root 0 1970-01-01 00:00 b/c',
    'drwxr-xr-x root/root 0 1970-01-01 00:00 deployment',
    '-rwxr-xr-x root/root 23 1970-01-01 00:00 deployment/setup.sh',
  ]);
});

it('is told with its size', async () => {
  const { path, size } = await bundleOf(await deploymentOf(hostile));
  expect(statSync(path).size).toBe(size);
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

it('has the same bytes whatever the order of creation and the times', async () => {
  const one = await deploymentOf(hostile);
  const other = await deploymentOf(Object.fromEntries(Object.entries(hostile).reverse()));
  utimesSync(join(other.root, 'empty'), 1, 1);
  expect((await bytesOf(other)).equals(await bytesOf(one))).toBe(true);
});

describe('secrets', () => {
  const secret = 'correct-horse-battery-staple';
  const files: Record<string, Content> = {
    '.env': `PASSWORD=${secret}`,
    'app/.env.local': secret,
    'secrets/deep/key': secret,
    'deployment/credentials/aws': secret,
    vault: secret,
    'app/.env.production': { link: '../vault' },
    '.env.example': 'PASSWORD=',
  };

  it('are not in the bundle, though their folders are', async () => {
    const { path } = await bundleOf(await deploymentOf(files));
    expect(readFileSync(path).includes(secret)).toBe(false);
    const names = execFileSync('tar', ['-tf', path]).toString().trim().split('\n');
    expect(names).toEqual([
      '.env.example',
      'app',
      'app/.env.production',
      'deployment',
      'deployment/credentials',
      'deployment/setup.sh',
      'secrets',
      'secrets/deep',
    ]);
  });

  it('are given apart, with their content', async () => {
    const given = await secretFiles(await deploymentOf(files));
    expect(
      given.map(({ entry, content }) => [entry.path, entry.mode.toString(8), content.toString()]),
    ).toEqual([
      ['.env', '600', `PASSWORD=${secret}`],
      ['app/.env.local', '600', secret],
      ['deployment/credentials/aws', '600', secret],
      ['secrets/deep/key', '600', secret],
      ['vault', '600', secret],
    ]);
  });

  it('are not given when they changed', async () => {
    const deployment = await deploymentOf({ '.env': secret });
    writeFileSync(join(deployment.root, '.env'), 'other');
    const [error] = await errorsOf(() => secretFiles(deployment));
    expect(error).toMatchObject({ code: 'SPOT-E-PROJECT-CHANGED', where: '.env' });
    expect(JSON.stringify(error)).not.toContain(secret);
  });
});

describe('a file that is not what it was', () => {
  const changed = (name: string, message: string) => [
    {
      code: 'SPOT-E-PROJECT-CHANGED',
      message: `"${name}" ${message}`,
      where: name,
      hint: 'Run the command again when nothing writes to the project.',
      evidence: [],
    },
  ];
  const large = Buffer.alloc(3_000_000, 'x');

  it.each<[string, (path: string) => void, string]>([
    [
      'rewritten',
      (path) => writeFileSync(path, Buffer.alloc(3_000_000, 'y')),
      'changed while the bundle was made.',
    ],
    ['longer', (path) => writeFileSync(path, 'more', { flag: 'a' }), 'changed while the bundle was made.'],
    ['shorter', (path) => truncateSync(path, 2_000_000), 'changed while the bundle was made.'],
    ['empty', (path) => truncateSync(path), 'changed while the bundle was made.'],
    ['gone', (path) => rmSync(path), 'could be read at first, but not when the bundle was made.'],
    [
      'a link',
      (path) => {
        rmSync(path);
        symlinkSync('/etc/passwd', path);
      },
      'could be read at first, but not when the bundle was made.',
    ],
    [
      'a folder',
      (path) => {
        rmSync(path);
        mkdirSync(path);
      },
      'could be read at first, but not when the bundle was made.',
    ],
  ])('is refused: %s', async (_, change, message) => {
    for (const [name, content] of Object.entries({ large, small: large.subarray(0, 9000) })) {
      const deployment = await deploymentOf({ [name]: content, z: 'after it' });
      change(join(deployment.root, name));
      const cache = temporaryFolder();
      const destination = join(cache, 'bundle.tar');
      writeFileSync(destination, 'the last bundle');
      expect(await errorsOf(() => writeBundle(deployment, destination))).toEqual(changed(name, message));
      // Nothing half made, and what was there is still there.
      expect(readdirSync(cache)).toEqual(['bundle.tar']);
      expect(readFileSync(destination, 'utf8')).toBe('the last bundle');
    }
  });
});

it.each([
  [
    'many small files',
    Object.fromEntries(Array.from({ length: 400 }, (_, index) => [`f${index}`, 'x'.repeat(2000)])),
  ],
  ['a large file', { large: Buffer.alloc(3_000_000) }],
])('says that the disk is full, with %s', async (_, files) => {
  const destination = join(temporaryFolder(), 'bundle.tar');
  // Where the bundle is first written to, every write fails as on a full disk.
  symlinkSync('/dev/full', `${destination}.${process.pid}.tmp`);
  const deployment = await deploymentOf(files);
  expect(await errorsOf(() => writeBundle(deployment, destination))).toEqual([
    {
      code: 'SPOT-E-DISK-FULL',
      message: `There is no room for ${destination}.`,
      where: destination,
      hint: 'Free some space; `spot local clean` removes what rehearsals left.',
      evidence: [],
    },
  ]);
});

it('says where it cannot be written', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'file'), '');
  const destination = join(folder, 'file/bundle.tar');
  expect(await errorsOf(async () => writeBundle(await deploymentOf({}), destination))).toMatchObject([
    { code: 'SPOT-E-STATE-UNWRITABLE', where: destination },
  ]);
});

it('does not depend on further mode bits, as a umask leaves them', async () => {
  const deployment = await deploymentOf({ a: 'x' });
  chmodSync(join(deployment.root, 'a'), 0o600);
  const again = await discover(deployment.root, { ...defaultSettings, name: 'app' });
  expect((await bytesOf(again)).equals(await bytesOf(deployment))).toBe(true);
});
