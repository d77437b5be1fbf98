import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ignore from 'ignore';
import { unreadable } from './unreadable.ts';

/** Left out of every bundle unless a later pattern takes it back in (`!node_modules`). */
const builtIn = ['.git', 'node_modules', '.spot', '.DS_Store'];

/** Our own records, with private keys among them: no pattern takes this back in. */
const never = '.spot/state';

/** Says whether a path relative to the project is left out; a folder's path ends in `/`. */
export type IsExcluded = (path: string) => boolean;

/**
 * The project's exclusions: built-in patterns, then `.spotignore`, then `exclude:` of the settings, each
 * gitignore style and relative to the project; a later pattern wins. `.gitignore` has no say, because what a
 * build leaves there is often the very thing to deploy.
 *
 * @throws SPOT-E-PROJECT-UNREADABLE for a `.spotignore` that cannot be read
 */
export function readExclusions(root: string, patterns: readonly string[]): IsExcluded {
  // Case-sensitive like the machines, so that a Mac and a Linux computer make the same bundle.
  const rules = ignore({ ignorecase: false }).add(builtIn).add(readSpotignore(root)).add(patterns);
  return (path) => path === `${never}/` || path === never || rules.ignores(path);
}

function readSpotignore(root: string): string {
  try {
    return readFileSync(join(root, '.spotignore'), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw unreadable('.spotignore', error);
  }
}
