import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, linkSync, mkdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { collect } from '../../src/project/collect.ts';
import type { ProjectEntry } from '../../src/project/deployment.ts';
import { readExclusions } from '../../src/project/exclusions.ts';
import { errorLinesOf, errorsOf } from '../fixtures/errors-of.ts';
import { type Content, temporaryFolder, temporaryProject } from '../fixtures/temporary-project.ts';

const read = (root: string, exclude: readonly string[] = []) => collect(root, readExclusions(root, exclude));

const paths = async (files: Record<string, Content>, exclude: readonly string[] = []) =>
  (await read(temporaryProject(files), exclude)).entries.map(({ path }) => path);

/** `drwxr-xr-x`-like: octal mode, then the path. */
const modes = (entries: readonly ProjectEntry[]) =>
  entries.map((entry) =>
    (entry.type === 'symlink' ? 'link' : entry.mode.toString(8)).concat(' ', entry.path),
  );

const sha256 = (content: string) => createHash('sha256').update(content).digest('hex');

it('describes files, folders and links, sorted by the bytes of their paths', async () => {
  const root = temporaryProject({
    'b/c.txt': 'content',
    'b/': '',
    'b-a': '',
    'b.txt': '',
    'a/empty/': '',
    Z: { link: 'b/c.txt' },
    é: '',
    '\u{1F600}': '',
    '\uFFEE': '',
  });
  const { entries, notices } = await read(root);
  const empty = { type: 'file', mode: 0o644, size: 0, sha256: sha256(''), secret: false };
  const folder = { type: 'directory', mode: 0o755 };
  expect(entries).toEqual([
    { type: 'symlink', path: 'Z', target: 'b/c.txt' },
    { ...folder, path: 'a' },
    { ...folder, path: 'a/empty' },
    { ...folder, path: 'b' },
    { ...empty, path: 'b-a' },
    { ...empty, path: 'b.txt' },
    { ...empty, path: 'b/c.txt', size: 7, sha256: sha256('content') },
    { ...empty, path: 'é' },
    // In UTF-16, which JavaScript compares by, the emoji would come first.
    { ...empty, path: '\uFFEE' },
    { ...empty, path: '\u{1F600}' },
  ]);
  expect(notices).toEqual([]);
});

it('keeps hostile names as they are', async () => {
  const names = [
    ' lead',
    'trail ',
    '-rf',
    '--help',
    'a"b',
    "a'b",
    'a\nb',
    'a\tb',
    'a\\b',
    '$(id)',
    '`id`',
    '*',
    '~',
    '...',
    '..a',
    '#c',
    '!n',
    'x'.repeat(255),
  ];
  const found = await paths(Object.fromEntries(names.map((name) => [`in/${name}`, ''])));
  expect(found).toEqual(['in', ...names.map((name) => `in/${name}`).sort()]);
});

describe('modes', () => {
  it('are 644 and 755 by the owner’s execute bit, and private for secrets', async () => {
    const { entries } = await read(
      temporaryProject({
        plain: { content: 'a', mode: 0o666 },
        'read-only': { content: 'a', mode: 0o444 },
        script: { content: 'a', mode: 0o700 },
        group: { content: 'a', mode: 0o674 },
        setuid: { content: 'a', mode: 0o4755 },
        '.env': { content: 'a', mode: 0o644 },
        'secrets/tool': { content: 'a', mode: 0o755 },
        'secrets/deep/key': 'a',
        'deployment/credentials/key': 'a',
        'services/.env.local': 'a',
      }),
    );
    expect(modes(entries)).toEqual([
      '600 .env',
      '755 deployment',
      '700 deployment/credentials',
      '600 deployment/credentials/key',
      '644 group',
      '644 plain',
      '644 read-only',
      '755 script',
      '700 secrets',
      '700 secrets/deep',
      '600 secrets/deep/key',
      '700 secrets/tool',
      '755 services',
      '600 services/.env.local',
      '755 setuid',
    ]);
  });

  it('make secret what a link with a secret name leads to', async () => {
    const { entries } = await read(
      temporaryProject({
        'env/production': 'PASSWORD=x',
        'env/readme': 'text',
        '.env': { link: 'env/production' },
        'vault/key': 'x',
        'vault-two': 'x',
        secrets: { link: 'hop' },
        hop: { link: 'vault' },
      }),
    );
    expect(modes(entries)).toEqual([
      'link .env',
      '755 env',
      '600 env/production',
      '644 env/readme',
      'link hop',
      'link secrets',
      '700 vault',
      '644 vault-two',
      '600 vault/key',
    ]);
    expect(entries.filter((entry) => entry.type === 'file' && entry.secret).map(({ path }) => path)).toEqual([
      'env/production',
      'vault/key',
    ]);
  });
});

describe('the same content', () => {
  const files: Record<string, Content> = {
    'b/1': 'one',
    'b/2': { content: 'two', mode: 0o755 },
    a: 'a',
    ä: '',
    'c/': '',
  };

  it('gives the same entries whatever the order of creation, times and further mode bits', async () => {
    const one = temporaryProject(files);
    const other = temporaryProject(Object.fromEntries(Object.entries(files).reverse()));
    utimesSync(join(other, 'a'), 1, 1);
    chmodSync(join(other, 'a'), 0o660);
    chmodSync(join(other, 'b'), 0o700);
    chmodSync(join(other, 'b/2'), 0o711);
    expect(await read(other)).toEqual(await read(one));
  });

  it('is one content under two names when it is a hard link', async () => {
    const root = temporaryProject({ a: 'same' });
    linkSync(join(root, 'a'), join(root, 'b'));
    const { entries } = await read(root);
    expect(entries).toMatchObject([
      { path: 'a', size: 4, sha256: sha256('same') },
      { path: 'b', size: 4, sha256: sha256('same') },
    ]);
  });

  it('has the digest of all of it when it is larger than the buffer', async () => {
    const content = Buffer.alloc(3 * 1024 * 1024 + 17, 'abc');
    const root = temporaryProject({ large: content, exact: content.subarray(0, 1024 * 1024) });
    const { entries } = await read(root);
    const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
    expect(entries).toMatchObject([
      { path: 'exact', size: 1024 * 1024, sha256: digest(content.subarray(0, 1024 * 1024)) },
      { path: 'large', size: content.length, sha256: digest(content) },
    ]);
  });
});

describe('what is left out', () => {
  const tree = {
    '.git/HEAD': '',
    'node_modules/a/index.js': '',
    '.spot/config.yaml': '',
    '.spot/state/lock': '',
    'sub/.git': 'gitdir: elsewhere',
    'sub/node_modules/b.js': '',
    'sub/.DS_Store': '',
    'app.js': '',
    'build/out.js': '',
    '.gitignore': 'build\n',
    '.env': 'A=1',
  };

  it('is what no deployment needs, but not what .gitignore names, and never .env', async () => {
    expect(await paths(tree)).toEqual(['.env', '.gitignore', 'app.js', 'build', 'build/out.js', 'sub']);
  });

  it('can be taken back in, but never our own state', async () => {
    expect(await paths({ ...tree, '.spotignore': '!node_modules\n!.spot\n!.spot/state\n' })).toEqual([
      '.env',
      '.gitignore',
      '.spot',
      '.spot/config.yaml',
      '.spotignore',
      'app.js',
      'build',
      'build/out.js',
      'node_modules',
      'node_modules/a',
      'node_modules/a/index.js',
      'sub',
      'sub/node_modules',
      'sub/node_modules/b.js',
    ]);
  });

  it('follows .spotignore, then the settings, relative to the project', async () => {
    const files = {
      '.spotignore': '# comment\n*.log\n/top\ndata/\n!keep.log\n',
      'a.log': '',
      'keep.log': '',
      'keep.LOG': '',
      top: '',
      'sub/top': '',
      'sub/b.log': '',
      'data/x': '',
      'sub/data/y': '',
      'also/data': 'a file',
    };
    const kept = ['.spotignore', 'also', 'also/data', 'keep.LOG', 'keep.log', 'sub', 'sub/top'];
    expect(await paths(files)).toEqual(kept);
    const exclude = ['keep.log', '!a.log', 'sub/*'];
    expect(await paths(files, exclude)).toEqual([
      '.spotignore',
      'a.log',
      'also',
      'also/data',
      'keep.LOG',
      'sub',
    ]);
  });

  it('does not depend on where the project lies', async () => {
    const root = join(temporaryFolder(), 'build/node_modules/project');
    mkdirSync(root, { recursive: true });
    writeFileSync(join(root, 'a'), '');
    expect((await read(root, ['build'])).entries.map(({ path }) => path)).toEqual(['a']);
  });

  it('is not even looked at', async () => {
    const root = temporaryProject({ a: '', 'node_modules/link': { link: '/etc/passwd' } });
    symlinkSync('/etc', join(root, 'skipped'));
    expect((await read(root, ['skipped'])).entries.map(({ path }) => path)).toEqual(['a']);
  });

  it('includes sockets and pipes, with a notice', async () => {
    const root = temporaryProject({ 'run/': '' });
    const server = createServer().listen(join(root, 'run/app.sock'));
    onTestFinished(() => void server.close());
    execFileSync('mkfifo', [join(root, 'run/a pipe')]);
    const { entries, notices } = await read(root);
    expect(entries.map(({ path }) => path)).toEqual(['run']);
    expect(notices).toEqual([
      '"run/a pipe" is a named pipe and is left out.',
      '"run/app.sock" is a socket and is left out.',
    ]);
  });

  it('cannot be decided from a .spotignore that is a folder', async () => {
    expect(await errorsOf(() => paths({ '.spotignore/': '' }))).toEqual([
      {
        code: 'SPOT-E-PROJECT-UNREADABLE',
        message: '".spotignore" cannot be read: illegal operation on a directory.',
        where: '.spotignore',
        hint: 'Make it readable, or leave it out by a line in .spotignore.',
        evidence: [],
      },
    ]);
  });
});

describe('symbolic links', () => {
  it('are kept, not followed, when they stay inside', async () => {
    const root = temporaryProject({
      'real/file': 'x',
      'folder-link': { link: 'real' },
      'real/up': { link: '../real/file' },
      self: { link: '.' },
    });
    const { entries, notices } = await read(root);
    expect(entries).toMatchObject([
      { path: 'folder-link', target: 'real' },
      { path: 'real' },
      { path: 'real/file' },
      { path: 'real/up', target: '../real/file' },
      { path: 'self', target: '.' },
    ]);
    expect(notices).toEqual([]);
  });

  it('are kept with a notice when they lead nowhere, to themselves, or to what is left out', async () => {
    const root = temporaryProject({
      dangling: { link: 'none/at/all' },
      loop: { link: 'loop' },
      modules: { link: 'node_modules/a' },
      'node_modules/a/': '',
    });
    const { entries, notices } = await read(root);
    expect(entries.map(({ path }) => path)).toEqual(['dangling', 'loop', 'modules']);
    expect(notices).toEqual([
      'The link "dangling" leads to "none/at/all", which does not exist; it is kept as it is.',
      'The link "loop" leads to "loop", which does not exist; it is kept as it is.',
      'The link "modules" leads to "node_modules/a", which is left out; it will lead nowhere on a machine.',
    ]);
  });

  it('are refused when they leave the project, all at once, each with its name', async () => {
    const above = temporaryProject({ 'out/': '' });
    const outside = join(above, 'out');
    const root = temporaryProject({
      absolute: { link: '/etc/passwd' },
      'sub/above': { link: '../../elsewhere' },
      'sub/deeper/fine': { link: '../../sub' },
      parent: { link: '..' },
      // Excluded itself, but others lead through it.
      'node_modules/out': { link: outside },
      through: { link: 'node_modules/out' },
      'dangling-through': { link: 'node_modules/out/none' },
      // By text it stays inside; the system first follows `out`, then goes up.
      tricky: { link: 'node_modules/out/../x' },
    });
    const line = (path: string, target: string, why: string) =>
      `SPOT-E-PROJECT-SYMLINK ${path} The link "${path}" leads to "${target}", ${why}.`;
    const really = (path: string) => `which is really ${path}, outside the project`;
    expect(await errorLinesOf(() => read(root))).toEqual([
      line('absolute', '/etc/passwd', 'an absolute path'),
      line('dangling-through', 'node_modules/out/none', really(outside)),
      line('parent', '..', 'a path outside the project'),
      line('sub/above', '../../elsewhere', 'a path outside the project'),
      line('through', 'node_modules/out', really(outside)),
      line('tricky', 'node_modules/out/../x', really(above)),
    ]);
  });

  it('work in a project that is itself reached through a link', async () => {
    const root = temporaryProject({ 'real/a': '', 'real/b': { link: 'a' }, way: { link: 'real' } });
    const { entries } = await read(join(root, 'way'));
    expect(entries.map(({ path }) => path)).toEqual(['a', 'b']);
  });
});

describe('names that are not UTF-8', () => {
  const root = () => {
    const folder = temporaryProject({ fine: '' });
    writeFileSync(Buffer.concat([Buffer.from(`${folder}/bad-`), Buffer.from([0xff])]), '');
    return folder;
  };

  it('are refused', async () => {
    const folder = root();
    symlinkSync(Buffer.from([0x66, 0xfe]), join(folder, 'link'));
    expect(await errorLinesOf(() => read(folder))).toEqual([
      'SPOT-E-PROJECT-FILE-NAME bad-\uFFFD The name "bad-\uFFFD" is not UTF-8 (U+FFFD stands for what cannot be read).',
      'SPOT-E-PROJECT-FILE-NAME link The link "link" leads to "f\uFFFD", which is not UTF-8.',
    ]);
  });

  it('can be left out by a pattern, as the advice says', async () => {
    expect((await read(root(), ['bad-*'])).entries.map(({ path }) => path)).toEqual(['fine']);
  });
});
