import { realpathSync } from 'node:fs';
import { dirname, isAbsolute, join, normalize, relative } from 'node:path';
import { SpotError } from '../errors/spot-error.ts';

/** Where a symbolic link of the project leads. */
export type LinkEnd =
  /** To something in the project; `path` is its real path relative to the project, empty for the project itself. */
  | { readonly kind: 'inside'; readonly path: string }
  /** Nowhere, or to itself, but without leaving the project. */
  | { readonly kind: 'dangling' }
  | { readonly kind: 'outside'; readonly error: SpotError };

/**
 * Follows a link of the project at `path` to its end. A link that leaves the project cannot mean on a machine
 * what it means here, whether it says so itself (`/etc/passwd`, `../other`) or leads through another link.
 *
 * @param realRoot the project folder's real path
 */
export function followLink(realRoot: string, path: string, target: string): LinkEnd {
  if (isAbsolute(target)) return outside(path, target, 'an absolute path');
  if (isAbove(normalize(join(dirname(path), target))))
    return outside(path, target, 'a path outside the project');
  // Not normalised: `folder/..` is not where it began when `folder` is itself a link.
  const whole = `${realRoot}/${dirname(path)}/${target}`;
  let candidate = whole;
  for (;;) {
    const real = realPath(candidate);
    if (real !== undefined) {
      const inside = relative(realRoot, real);
      if (isAbove(inside)) return outside(path, target, `which is really ${real}, outside the project`);
      return candidate === whole ? { kind: 'inside', path: inside } : { kind: 'dangling' };
    }
    // Nothing is there: at least the folder that it would be in must lie inside.
    candidate = dirname(candidate);
  }
}

function isAbove(path: string): boolean {
  return path === '..' || path.startsWith('../') || isAbsolute(path);
}

function realPath(path: string): string | undefined {
  try {
    // The system's own: the other one normalises the path first.
    return realpathSync.native(path);
  } catch {
    // Missing, a loop, a file where a folder should be: all the same for a link that leads nowhere.
    return undefined;
  }
}

function outside(path: string, target: string, why: string): LinkEnd {
  const error = new SpotError('SPOT-E-PROJECT-SYMLINK', {
    message: `The link ${JSON.stringify(path)} leads to ${JSON.stringify(target)}, ${why}.`,
    where: path,
  });
  return { kind: 'outside', error };
}
