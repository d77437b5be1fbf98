import { DockerFailure, docker, dockerError } from './docker-command.ts';
import { cloudIdOf } from './docker-host.ts';
import { cloudLabel } from './docker-run.ts';

/** Removes every container of a folder's cloud with its volumes; says how many. */
export async function removeContainers(folder: string): Promise<number> {
  const ids = await listing([
    'ps',
    '--all',
    '--quiet',
    '--filter',
    `label=${cloudLabel}=${cloudIdOf(folder)}`,
  ]);
  if (ids.length > 0) {
    await docker(['rm', '--force', '--volumes', ...ids]).catch((failure) => {
      throw dockerError(failure, 'remove the machines');
    });
  }
  return ids.length;
}

/** Removes the images that machines were made from, unless something still runs on them; says how many. */
export async function removeImages(): Promise<number> {
  const names = await listing([
    'images',
    '--filter',
    'reference=spot-deployer/*',
    '--format',
    '{{.Repository}}:{{.Tag}}',
  ]);
  // The machine image goes before the base that it is built on.
  const ordered = names.sort(
    (one, other) => Number(other.includes('/machine:')) - Number(one.includes('/machine:')),
  );
  let removed = 0;
  for (const name of ordered) {
    if (await removeImage(name)) removed++;
  }
  return removed;
}

async function removeImage(name: string): Promise<boolean> {
  try {
    await docker(['image', 'rm', name]);
    return true;
  } catch (failure) {
    if (
      failure instanceof DockerFailure &&
      /is being used|is using|in use|dependent child/i.test(failure.stderr)
    )
      return false;
    throw dockerError(failure, 'remove the machine image');
  }
}

async function listing(args: readonly string[]): Promise<string[]> {
  try {
    return (await docker(args)).split('\n').filter((line) => line !== '');
  } catch (failure) {
    if (failure instanceof DockerFailure && failure.trouble === 'none') return [];
    throw dockerError(failure, 'look for what rehearsals left');
  }
}
