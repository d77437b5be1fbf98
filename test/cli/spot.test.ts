import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'rolldown';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import config from '../../rolldown.config.ts';

/** The real program, bundled as it is published, run as a process. */
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'spot-cli-'));
  mkdirSync(join(folder, 'empty'));
  const { output, ...input } = config as Exclude<typeof config, unknown[] | ((...args: never[]) => unknown)>;
  await build({ ...input, output: { ...output, dir: join(folder, 'dist') } });
}, 60_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function shell(command: string) {
  const { status, stdout, stderr } = spawnSync('bash', ['-o', 'pipefail', '-c', command], {
    cwd: join(folder, 'empty'),
    env: { ...process.env, SPOT: `${process.execPath} ${join(folder, 'dist', 'spot.js')}`, HOME: folder },
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

describe('the program', () => {
  it('can be started by its name', () => {
    expect(readFileSync(join(folder, 'dist', 'spot.js'), 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/u);
  });

  it('hands on the exit code', () => {
    expect([shell('$SPOT --help').status, shell('$SPOT crate').status]).toEqual([0, 2]);
  });

  it('says that there is no project here', () => {
    const { status, stdout, stderr } = shell('$SPOT list --local');
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(/^SPOT-E-PROJECT-NOT-FOUND {2}/u);
  });

  it('ends quietly when its reader does', () => {
    expect(shell('$SPOT --help | true').stderr).toBe('');
  });

  it.runIf(process.platform === 'linux')('fails when its result cannot be written', () => {
    const { status, stderr } = shell('$SPOT --version > /dev/full');
    expect([status, stderr]).toEqual([1, expect.stringContaining('could not be written to stdout: ENOSPC')]);
  });
});
