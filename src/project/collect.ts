import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { SpotErrors } from '../errors/spot-error.ts';
import { contentReader } from './content.ts';
import type { FileEntry, ProjectEntry } from './deployment.ts';
import type { IsExcluded } from './exclusions.ts';
import { inspectLinks } from './inspect-links.ts';
import { isSecretPath } from './secret-path.ts';
import { unreadable } from './unreadable.ts';
import { walk } from './walk.ts';

/** Files that are hashed before other work gets a turn. */
const turn = 50;

/** Everything of a project that goes to a machine. */
export interface Collected {
  /** Sorted by path, in byte order. */
  readonly entries: readonly ProjectEntry[];
  readonly notices: readonly string[];
}

/**
 * Reads the whole project: lists it, follows its links, hashes its files. The same content gives the same entries
 * whatever the umask, owner, clock, locale or order of creation.
 *
 * @param root absolute path of the project
 * @throws SpotErrors with all of SPOT-E-PROJECT-UNREADABLE, -FILE-NAME and -SYMLINK that were found
 */
export async function collect(root: string, isExcluded: IsExcluded): Promise<Collected> {
  const tree = await walk(root, isExcluded);
  const links = inspectLinks(root, tree.found);
  const errors = [...tree.errors, ...links.errors];
  const readContent = contentReader();

  const hashFile = async (path: string): Promise<FileEntry> => {
    const hash = createHash('sha256');
    const { size, mode } = await readContent(`${root}/${path}`, (chunk) => hash.update(chunk));
    const secret = isSecretPath(path, 'file') || links.leadsToSecret(path);
    const executable = (mode & 0o100) !== 0;
    return {
      type: 'file',
      path,
      mode: secret ? (executable ? 0o700 : 0o600) : executable ? 0o755 : 0o644,
      size,
      sha256: hash.digest('hex'),
      secret,
    };
  };

  const entries: ProjectEntry[] = [];
  for (const [index, found] of tree.found.entries()) {
    if (found.type === 'symlink') {
      entries.push(found);
    } else if (found.type === 'directory') {
      const secret = isSecretPath(found.path, 'directory') || links.leadsToSecret(found.path);
      entries.push({ ...found, type: 'directory', mode: secret ? 0o700 : 0o755 });
    } else {
      const entry = await hashFile(found.path).catch((error) => unreadable(found.path, error));
      if (entry instanceof Error) errors.push(entry);
      else entries.push(entry);
    }
    if (index % turn === turn - 1) await setImmediate();
  }
  if (errors.length > 0) throw new SpotErrors(errors);
  return { entries, notices: [...tree.notices, ...links.notices] };
}
