import { existsSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { SpotError } from '../errors/spot-error.ts';

/** Either of these folders makes its parent a project. */
const marks = ['.spot', 'deployment'] as const;

/**
 * The project that `start` lies in: the nearest folder, `start` or one above it, that has `.spot/` or
 * `deployment/`. The search ends at a folder with `.git` (a project does not reach out of its repository) and
 * below the home folder and `/`, where a stray `.spot/` would turn everything the user owns into the bundle.
 *
 * @returns an absolute path
 * @throws SPOT-E-PROJECT-NOT-FOUND, naming what was looked for and where
 */
export function findProject(start: string, home: string = homedir()): string {
  const first = existingFolder(start);
  let folder = first;
  for (;;) {
    if (isProject(folder)) return folder;
    const parent = dirname(folder);
    const ends = existsSync(join(folder, '.git')) || parent === dirname(parent) || parent === home;
    if (ends) break;
    folder = parent;
  }
  const above = folder === first ? '' : `, nor in the folders above it up to ${folder}`;
  throw notFound(`There is neither .spot/ nor deployment/ in ${first}${above}.`);
}

/**
 * The project at exactly `folder`, for `--project DIR`: nothing above it is looked at.
 *
 * @returns an absolute path
 * @throws SPOT-E-PROJECT-NOT-FOUND
 */
export function projectAt(folder: string): string {
  const root = existingFolder(folder);
  if (!isProject(root)) throw notFound(`There is neither .spot/ nor deployment/ in ${root}.`);
  return root;
}

function existingFolder(path: string): string {
  const folder = resolve(path);
  if (!isFolder(folder)) {
    throw notFound(existsSync(folder) ? `${folder} is not a folder.` : `${folder} does not exist.`);
  }
  return folder;
}

function isProject(folder: string): boolean {
  return marks.some((mark) => isFolder(join(folder, mark)));
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function notFound(message: string): SpotError {
  return new SpotError('SPOT-E-PROJECT-NOT-FOUND', { message });
}
