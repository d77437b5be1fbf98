import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CreateResult, ListReport } from '../../src/fleet/report.ts';
import { Rehearsal } from './support/rehearsal.ts';

const execute = promisify(execFile);
const repository = fileURLToPath(new URL('../../', import.meta.url));
const megabyte = 1024 * 1024;

describe('the tarball of npm pack', () => {
  const rehearsal = new Rehearsal('my-app', { 'deployment/setup.sh': '#!/bin/bash\necho hello\n' });
  const place = (name: string) => join(rehearsal.folder, name);
  /** A user who never used npm, on a computer that reaches no registry. Docker is found where it always is. */
  const newUser = {
    PATH: process.env.PATH,
    HOME: place('home'),
    SPOT_CACHE_DIR: rehearsal.environment.SPOT_CACHE_DIR,
    DOCKER_CONFIG: process.env.DOCKER_CONFIG ?? join(homedir(), '.docker'),
    ...(process.env.DOCKER_HOST === undefined ? {} : { DOCKER_HOST: process.env.DOCKER_HOST }),
    npm_config_cache: place('npm-cache'),
    npm_config_registry: 'http://127.0.0.1:9/',
  };
  const run = (program: string, args: readonly string[], cwd = rehearsal.root) =>
    execute(program, args, { cwd, env: newUser });
  /** A command that was installed globally. */
  const installed = (name: string, ...args: readonly string[]) =>
    run(join(place('prefix'), 'bin', name), args);
  const manifest = () => JSON.parse(readFileSync(join(unpacked, 'package.json'), 'utf8'));
  const unpacked = join(place('unpacked'), 'package');
  let tarball: string;

  beforeAll(async () => {
    mkdirSync(newUser.HOME);
    // A copy, as one clones it: dist/ is made by npm pack itself, and other runs go on with the one here.
    const clone = place('clone');
    const left = ['.git', 'dist', 'node_modules'].map((name) => join(repository, name));
    cpSync(repository, clone, { recursive: true, filter: (path) => !left.includes(path) });
    symlinkSync(join(repository, 'node_modules'), join(clone, 'node_modules'));
    await run('npm', ['pack', '--pack-destination', rehearsal.root], clone);
    const [name = ''] = readdirSync(rehearsal.root).filter((file) => file.endsWith('.tgz'));
    tarball = join(rehearsal.root, name);
    mkdirSync(place('unpacked'));
    await run('tar', ['-xzf', tarball, '-C', place('unpacked')]);
  });

  afterAll(() => rehearsal.dispose());

  it('holds the bundle, README, LICENSE and package.json, and is small', () => {
    expect(readdirSync(unpacked).sort()).toEqual(['LICENSE', 'README.md', 'dist', 'package.json']);
    expect(readdirSync(join(unpacked, 'dist')).sort()).toEqual([
      'THIRD-PARTY-LICENSES.txt',
      'chunks',
      'spot.js',
    ]);
    expect(statSync(tarball).size).toBeLessThan(5 * megabyte);
  });

  it('depends on nothing and runs nothing when it is installed', () => {
    const { scripts, ...rest } = manifest();
    expect(Object.keys(rest).filter((key) => /^(?!dev).*dependencies$/i.test(key))).toEqual([]);
    expect(Object.keys(scripts).filter((name) => /install|^prepare$/.test(name))).toEqual([]);
  });

  it('knows nothing of the computer that it was built on', () => {
    for (const file of files(unpacked)) {
      const text = readFileSync(file, 'utf8');
      const known = [repository, place('clone')].filter((path) => text.includes(path));
      expect(known, basename(file)).toEqual([]);
    }
  });

  it('carries the licence of every package that the code uses', () => {
    const licences = readFileSync(join(unpacked, 'dist', 'THIRD-PARTY-LICENSES.txt'), 'utf8');
    const used = packagesUsed(join(repository, 'src'));
    expect(used).toContain('commander');
    for (const name of used) {
      const folder = join(repository, 'node_modules', name);
      const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
      expect(licences).toContain(`\n${name} ${version}\n`);
      const [own] = readdirSync(folder).filter((file) => /^licen[cs]e/i.test(file));
      const text = readFileSync(join(folder, own ?? ''), 'utf8').trim();
      expect(licences, `the licence of ${name}`).toContain(text.replaceAll('\r\n', '\n'));
    }
  });

  it('creates a fleet by npx, in a folder with nothing but deployment/setup.sh', async () => {
    const args = [`./${basename(tarball)}`, 'create', '--local', '--count', '1', '--json'];
    const { stdout } = await run('npx', args);
    const result = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as CreateResult;
    expect(result).toMatchObject({ deployment: 'my-app', failures: [], exitCode: 0 });
    expect(result.machines.map(({ phase }) => phase)).toEqual(['ready']);
  });

  it('installs globally as spot and spot-deployer, which go on with that fleet', async () => {
    await run('npm', ['install', '--global', '--prefix', place('prefix'), tarball]);
    expect(readdirSync(join(place('prefix'), 'lib', 'node_modules'))).toEqual(['spot-deployer']);
    const { version } = manifest();
    for (const name of ['spot', 'spot-deployer']) {
      expect((await installed(name, '--version')).stdout).toBe(`${version}\n`);
      expect((await installed(name, 'verify', '--local')).stdout).toContain('every check holds');
    }
    const destroyed = await installed('spot', 'destroy', '--local');
    expect(destroyed.stdout).toContain('nothing is left');
    const { stdout } = await installed('spot-deployer', 'list', '--local', '--json');
    expect((JSON.parse(stdout) as ListReport).machines).toEqual([]);
    expect(rehearsal.containers()).toEqual([]);
  });
});

function files(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? files(path) : [path];
  });
}

/** Names of the packages that TypeScript files import for more than their types. */
function packagesUsed(folder: string): readonly string[] {
  const names = new Set<string>();
  for (const file of files(folder).filter((name) => name.endsWith('.ts'))) {
    const code = readFileSync(file, 'utf8');
    for (const [, name = ''] of code.matchAll(
      /(?:import(?! type)[^;'(]*from |import\()'((?:@[^/']+\/)?[^./'][^/']*)/g,
    )) {
      if (!name.startsWith('node:')) names.add(name);
    }
  }
  return [...names].sort();
}
