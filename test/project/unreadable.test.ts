import { execFileSync } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { expect, it } from 'vitest';
import { temporaryFolder, temporaryProject } from '../fixtures/temporary-project.ts';

/** Nothing is unreadable for root, so the code runs in a process of an ordinary user. */
const someone = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};

async function errorsForSomeone(root: string): Promise<unknown> {
  const program = temporaryFolder();
  chmodSync(program, 0o755);
  const source = join(import.meta.dirname, '../../src/project');
  const entry = join(program, 'entry.ts');
  writeFileSync(
    entry,
    `import { collect } from ${JSON.stringify(join(source, 'collect.ts'))};
     import { readExclusions } from ${JSON.stringify(join(source, 'exclusions.ts'))};
     const root = process.argv[2]!;
     const none = { errors: [] };
     const { errors } = await collect(root, readExclusions(root, [])).then(() => none, (thrown) => thrown);
     process.stdout.write(JSON.stringify(errors));`,
  );
  const bundle = await rolldown({ input: entry, platform: 'node' });
  await bundle.write({ dir: join(program, 'out') });
  const output = execFileSync(process.execPath, [join(program, 'out/entry.js'), root], {
    ...someone,
    cwd: '/',
  });
  return JSON.parse(output.toString());
}

it('names every file and folder that cannot be read, at once', async () => {
  const root = temporaryProject({
    'open/fine': 'x',
    'open/locked': { content: 'x', mode: 0o000 },
    'shut/inside': 'x',
    '.env': { content: 'x', mode: 0o000 },
  });
  chmodSync(root, 0o755);
  chmodSync(join(root, 'shut'), 0o000);
  const error = (path: string) => ({
    code: 'SPOT-E-PROJECT-UNREADABLE',
    message: `"${path}" cannot be read: permission denied.`,
    where: path,
    hint: 'Make it readable, or leave it out by a line in .spotignore.',
    evidence: [],
  });
  expect(await errorsForSomeone(root)).toEqual([error('shut'), error('.env'), error('open/locked')]);
});
