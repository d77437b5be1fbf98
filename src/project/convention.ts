import { existsSync, realpathSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { SpotError } from '../errors/spot-error.ts';
import type { FileEntry, ProjectEntry, Script } from './deployment.ts';
import { scriptCommand } from './script.ts';

const candidates = ['deployment/setup.sh', 'deployment/init.sh'] as const;

/** What convention mode makes of a project. */
export interface Convention {
  readonly scripts: readonly Script[];
  readonly notices: readonly string[];
}

/**
 * Convention mode: `deployment/setup.sh`, or else `deployment/init.sh`, is all the description there is.
 *
 * @param entries what of the project goes to a machine
 * @throws SPOT-E-PROJECT-NOT-FOUND when there is neither, SPOT-E-SCRIPT-INVALID when the script cannot run
 */
export async function readConvention(
  root: string,
  entries: readonly ProjectEntry[],
  timeoutSeconds: number,
): Promise<Convention> {
  refuseManifest(root);
  const present = candidates.filter((path) => existsSync(join(root, path)));
  const path = present[0];
  if (path === undefined) {
    throw new SpotError('SPOT-E-PROJECT-NOT-FOUND', {
      message: `There is neither ${candidates.join(' nor ')} in ${root}.`,
      hint: 'Create deployment/setup.sh with what a machine has to do, or name another folder with --project DIR.',
    });
  }
  const file = scriptFile(root, path, entries);
  const command = await scriptCommand(root, file);
  const notices = present.length === 1 ? [] : [`There are ${present.join(' and ')}: only ${path} is run.`];
  return { scripts: [{ id: 'setup', title: path, command, timeoutSeconds, adopt: true }], notices };
}

/** The file that a script's path stands for, which may be a link to it. */
function scriptFile(root: string, path: string, entries: readonly ProjectEntry[]): FileEntry {
  const fail = (why: string, hint: string) => {
    throw new SpotError('SPOT-E-SCRIPT-INVALID', {
      message: `${path} cannot run: ${why}.`,
      where: path,
      hint,
    });
  };
  if (!statSync(join(root, path)).isFile()) return fail('it is not a file', `Make ${path} a script.`);
  const real = relative(realpathSync(root), realpathSync(join(root, path)));
  const find = (wanted: string) => entries.find((entry) => entry.path === wanted);
  const file = find(real);
  if (find(path) === undefined || file?.type !== 'file') {
    return fail(
      'it is left out of the bundle',
      'Take it back in: see .spotignore and `exclude:` in .spot/config.yaml.',
    );
  }
  return { ...file, path };
}

/** A manifest says more than the convention can know: to go on without it would deploy something else. */
function refuseManifest(root: string): void {
  const manifest = '.spot/deployment.yaml';
  if (!existsSync(join(root, manifest))) return;
  throw new SpotError('SPOT-E-NOT-SUPPORTED', {
    message: `${manifest} is there, but this version reads no manifests.`,
    where: manifest,
    hint: `Put the steps into ${candidates[0]} and remove ${manifest}.`,
  });
}
