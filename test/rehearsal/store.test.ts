import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openCloudStore } from '../../src/rehearsal/store/cloud-store.ts';
import { withFileLock } from '../../src/rehearsal/store/file-lock.ts';
import { isAlive, ownIdentity } from '../../src/state/process-identity.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'spot-store-test-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** The number of a process that has just ended. */
function endedProcess(): number {
  return Number(execFileSync(process.execPath, ['-p', 'process.pid']).toString());
}

describe('the lock', () => {
  test('lets one in at a time', async () => {
    let inside = 0;
    let most = 0;
    await Promise.all(
      Array.from({ length: 20 }, () =>
        withFileLock(join(folder, 'lock'), async () => {
          most = Math.max(most, ++inside);
          await new Promise(setImmediate);
          inside--;
        }),
      ),
    );
    expect(most).toBe(1);
    expect(await readdir(folder)).toEqual([]);
  });

  test('of a dead process is taken over by exactly one', async () => {
    const dead = { pid: endedProcess(), host: hostname(), ticket: 'x' };
    await writeFile(join(folder, 'lock'), JSON.stringify(dead));
    await writeFile(join(folder, 'lock.x'), JSON.stringify(dead));
    let inside = 0;
    let most = 0;
    await Promise.all(
      Array.from({ length: 10 }, () =>
        withFileLock(join(folder, 'lock'), async () => {
          most = Math.max(most, ++inside);
          await new Promise(setImmediate);
          inside--;
        }),
      ),
    );
    expect(most).toBe(1);
    expect(await readdir(folder)).toEqual([]);
  });

  test('is released when the work fails', async () => {
    const failing = withFileLock(join(folder, 'lock'), () => Promise.reject(new RangeError('no')));
    await expect(failing).rejects.toThrow(RangeError);
    expect(await readdir(folder)).toEqual([]);
  });
});

describe('a process', () => {
  test('is told from another with the same number', async () => {
    const own = ownIdentity();
    expect(isAlive(own)).toBe(true);
    expect(isAlive({ ...own, startedAt: '1' })).toBe(false);
    expect(isAlive({ pid: endedProcess(), startedAt: undefined })).toBe(false);
  });
});

describe('the store', () => {
  test('knows nothing until something is written', async () => {
    expect(await openCloudStore(folder).read()).toBeUndefined();
  });

  test('loses no change of many at once, from several stores', async () => {
    const stores = [openCloudStore(folder), openCloudStore(folder)];
    await Promise.all(
      Array.from({ length: 30 }, (_, n) =>
        stores[n % 2]?.update((state) => {
          state.tags[`i-${n}`] = { n: String(n) };
        }),
      ),
    );
    expect(Object.keys((await openCloudStore(folder).read())?.tags ?? {})).toHaveLength(30);
    expect(await readdir(folder)).toEqual(['cloud.json']);
  });

  test('writes nothing when the change fails', async () => {
    const store = openCloudStore(folder);
    await store.update((state) => {
      state.tags.kept = {};
    });
    const before = await readFile(join(folder, 'cloud.json'), 'utf8');
    const failing = store.update((state) => {
      state.tags.lost = {};
      throw new RangeError('no');
    });
    await expect(failing).rejects.toThrow(RangeError);
    expect(await readFile(join(folder, 'cloud.json'), 'utf8')).toBe(before);
  });

  test('takes a file that was cut short for none', async () => {
    await writeFile(join(folder, 'cloud.json'), '{"schema":');
    expect(await openCloudStore(folder).read()).toBeUndefined();
  });
});
