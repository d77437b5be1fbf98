import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeError } from '../../errors/write-error.ts';
import { withFileLock } from '../store/file-lock.ts';
import { docker, dockerError } from './docker-command.ts';
import { makeMachineImage } from './machine-image.ts';
import { machineImage } from './machine-recipe.ts';

/** What has to be known of the engine before a machine can be started. */
export interface Engine {
  readonly image: string;
  readonly cgroupVersion: '1' | '2';
}

/**
 * Makes sure that machines can be started. What was found out is kept in a file, so that the next process asks
 * nothing; `forget` says that it turned out to be wrong.
 */
export function openEngine(folder: string, onProgress: (text: string) => void) {
  const file = join(folder, 'engine.json');
  let ready: Promise<Engine> | undefined;
  const prepare = async (): Promise<Engine> => {
    const known = await readKnown(file);
    if (known?.image === machineImage) return known;
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      return await withFileLock(join(folder, 'engine.lock'), async () => {
        await makeMachineImage(onProgress);
        const engine: Engine = { image: machineImage, cgroupVersion: await readCgroupVersion() };
        await writeFile(file, JSON.stringify(engine));
        return engine;
      });
    } catch (error) {
      throw writeError(error, file);
    }
  };
  return {
    ready: (): Promise<Engine> => {
      ready ??= prepare().catch((error) => {
        // What was missing may be there the next time: `spot local serve` lives long.
        ready = undefined;
        throw error;
      });
      return ready;
    },
    forget: async (): Promise<void> => {
      ready = undefined;
      await rm(file, { force: true });
    },
  };
}

async function readKnown(file: string): Promise<Engine | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Engine;
  } catch {
    // Not there, or cut short: then it is found out again.
    return undefined;
  }
}

async function readCgroupVersion(): Promise<'1' | '2'> {
  try {
    return (await docker(['info', '--format', '{{.CgroupVersion}}'])).trim() === '1' ? '1' : '2';
  } catch (failure) {
    throw dockerError(failure, 'tell how it is set up');
  }
}
