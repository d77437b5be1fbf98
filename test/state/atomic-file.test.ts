import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeFileAtomically } from '../../src/state/atomic-file.ts';
import { onTinyDisk } from '../e2e/support/tiny-disk.ts';
import { temporaryFolder } from '../fixtures/temporary-project.ts';

test('a file that has no room to be replaced whole stays as it is', async (context) => {
  const folder = temporaryFolder();
  await onTinyDisk(context, folder, '64k', async () => {
    const path = join(folder, 'state.json');
    writeFileAtomically(path, 'before');
    expect(() => writeFileAtomically(path, 'x'.repeat(100_000))).toThrow(
      expect.objectContaining({ code: 'SPOT-E-DISK-FULL' }),
    );
    expect(readFileSync(path, 'utf8')).toBe('before');
    expect(readdirSync(folder)).toEqual(['state.json']);
  });
});
