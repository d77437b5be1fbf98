import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { checksumFile } from '../../src/release/checksum-file.ts';
import { compile } from '../../src/release/compile.ts';
import { deploymentOf } from '../fixtures/deployment-of.ts';
import { temporaryFolder } from '../fixtures/temporary-project.ts';

const check = (folder: string, sums: string) => {
  const file = join(temporaryFolder(), 'sums');
  writeFileSync(file, sums);
  return execFileSync('sha256sum', ['--check', '--strict', '--quiet', file], { cwd: folder, stdio: 'pipe' });
};

it('is what sha256sum checks, whatever the names', async () => {
  const names = [
    '-',
    '--help',
    ' a',
    'a ',
    'a\nb',
    'a\\b',
    'a\\nb',
    'a\rb',
    'a\r',
    'é',
    '*x',
    '"',
    'd/-',
    '.env',
  ];
  const deployment = await deploymentOf(
    Object.fromEntries(names.map((name) => [name, `content of ${name}`])),
  );
  const sums = checksumFile(compile(deployment));
  // The script is the one file more.
  expect(sums.trimEnd().split('\n')).toHaveLength(names.length + 1);
  expect(check(deployment.root, sums).toString()).toBe('');
});

it('names a file that is not what it was', async () => {
  const deployment = await deploymentOf({ 'a file': 'one' });
  const sums = checksumFile(compile(deployment));
  writeFileSync(join(deployment.root, 'a file'), 'two');
  expect(() => check(deployment.root, sums)).toThrow('1 computed checksum did NOT match');
});

it('is empty without files', () => {
  expect(checksumFile({ id: '', entries: [], plan: { deployment: '', steps: [] }, planText: '' })).toBe('');
});
