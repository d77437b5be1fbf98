import { realpathSync } from 'node:fs';
import type { SpotError } from '../errors/spot-error.ts';
import { isSecretPath } from './secret-path.ts';
import { followLink } from './symlink.ts';
import type { Found } from './walk.ts';

/** What the symbolic links of a project mean for the rest of it. */
export interface InspectedLinks {
  readonly errors: readonly SpotError[];
  readonly notices: readonly string[];
  /** Whether a path is what a link with a secret name leads to (`.env -> env/production`), or below it. */
  readonly leadsToSecret: (path: string) => boolean;
}

/** Follows every link of a walked tree. @param root absolute path of the project */
export function inspectLinks(root: string, tree: readonly Found[]): InspectedLinks {
  const errors: SpotError[] = [];
  const notices: string[] = [];
  const secretEnds: string[] = [];
  const links = tree.filter((found) => found.type === 'symlink');
  // A folder that is gone has none, and no real path either.
  const realRoot = links.length === 0 ? root : realpathSync(root);
  const delivered = new Set(tree.map(({ path }) => path));
  for (const found of links) {
    const end = followLink(realRoot, found.path, found.target);
    const leads = `The link ${JSON.stringify(found.path)} leads to ${JSON.stringify(found.target)}`;
    if (end.kind === 'outside') {
      errors.push(end.error);
    } else if (end.kind === 'dangling') {
      notices.push(`${leads}, which does not exist; it is kept as it is.`);
    } else {
      const left = end.path !== '' && !delivered.has(end.path);
      if (left) notices.push(`${leads}, which is left out; it will lead nowhere on a machine.`);
      if (isSecretPath(found.path, 'symlink')) secretEnds.push(end.path);
    }
  }
  const leadsToSecret = (path: string) =>
    secretEnds.some((end) => path === end || path.startsWith(`${end}/`));
  return { errors, notices, leadsToSecret };
}
