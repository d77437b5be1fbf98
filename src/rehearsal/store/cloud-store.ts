import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeError } from '../../errors/write-error.ts';
import { type CloudState, emptyState } from './cloud-state.ts';
import { withFileLock } from './file-lock.ts';

/** Where the state of one rehearsal cloud lives; every process that works on it opens its own. */
export interface CloudStore {
  /** What is remembered now; undefined when nothing is: never used, or lost. */
  readonly read: () => Promise<CloudState | undefined>;
  /**
   * Changes what is remembered: `change` gets a copy of its own, edits it and returns what the caller wants to
   * know. Nothing is written when it throws. Processes take turns, so it must not wait for anything slow.
   */
  readonly update: <Result>(change: (state: CloudState) => Result | Promise<Result>) => Promise<Result>;
  /** Forgets everything. */
  readonly remove: () => Promise<void>;
}

/** A store in `cloud.json` of a folder, which is made when it is first needed. */
export function openCloudStore(folder: string): CloudStore {
  const file = join(folder, 'cloud.json');
  const read = async () => {
    try {
      return JSON.parse(await readFile(file, 'utf8')) as CloudState;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      if (error instanceof SyntaxError) return undefined;
      throw writeError(error, file);
    }
  };
  return {
    read,
    update: async (change) => {
      try {
        await mkdir(folder, { recursive: true, mode: 0o700 });
        return await withFileLock(join(folder, 'cloud.lock'), async () => {
          const state = (await read()) ?? emptyState();
          const result = await change(state);
          const next = `${file}.next`;
          await writeFile(next, JSON.stringify(state), { mode: 0o600 });
          await rename(next, file);
          return result;
        });
      } catch (error) {
        throw writeError(error, file);
      }
    },
    remove: async () => {
      await rm(folder, { recursive: true, force: true });
    },
  };
}
