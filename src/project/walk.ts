import { isUtf8 } from 'node:buffer';
import { type Dirent, readdirSync, readlinkSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { SpotError } from '../errors/spot-error.ts';
import type { IsExcluded } from './exclusions.ts';
import { unreadable } from './unreadable.ts';

/** What lies in the project and is not left out; sorted by the bytes of the path. Nothing is opened yet. */
export interface WalkedTree {
  readonly found: readonly Found[];
  /** Sockets, pipes and devices that were passed over. */
  readonly notices: readonly string[];
  readonly errors: readonly SpotError[];
}

export type Found =
  | { readonly type: 'file' | 'directory'; readonly path: string }
  | { readonly type: 'symlink'; readonly path: string; readonly target: string };

/** Folders that are listed before other work gets a turn. */
const turn = 50;

/**
 * Lists the tree below `root`, an absolute path, without following links or entering folders that are left out.
 * Goes on after an error, so that all of them can be shown at once.
 */
export async function walk(root: string, isExcluded: IsExcluded): Promise<WalkedTree> {
  const found: Found[] = [];
  const notices: string[] = [];
  const errors: SpotError[] = [];
  const folders = [''];
  for (let visited = 1; folders.length > 0; visited += 1) {
    const folder = folders.pop() as string;
    for (const entry of listFolder(root, folder, errors)) {
      const name = entry.name.toString();
      const path = folder === '' ? name : `${folder}/${name}`;
      const isFolder = entry.isDirectory();
      if (isExcluded(isFolder ? `${path}/` : path)) continue;
      if (!isUtf8(entry.name)) {
        errors.push(badName(path));
      } else if (isFolder) {
        found.push({ type: 'directory', path });
        folders.push(path);
      } else if (entry.isSymbolicLink()) {
        const link = readLink(root, path);
        if (link instanceof SpotError) errors.push(link);
        else found.push(link);
      } else if (entry.isFile()) {
        found.push({ type: 'file', path });
      } else {
        notices.push(`${JSON.stringify(path)} is ${kindOf(entry)} and is left out.`);
      }
    }
    if (visited % turn === 0) await setImmediate();
  }
  return { found: sortByPath(found), notices: notices.sort(), errors };
}

/** Names as bytes: a name that is not UTF-8 would otherwise come back as another one. */
function listFolder(root: string, folder: string, errors: SpotError[]): Dirent<Buffer>[] {
  try {
    return readdirSync(`${root}/${folder}`, { encoding: 'buffer', withFileTypes: true });
  } catch (error) {
    errors.push(unreadable(folder === '' ? root : folder, error));
    return [];
  }
}

function readLink(root: string, path: string): Found | SpotError {
  try {
    const target = readlinkSync(`${root}/${path}`, { encoding: 'buffer' });
    if (!isUtf8(target)) return badTarget(path, target.toString());
    return { type: 'symlink', path, target: target.toString() };
  } catch (error) {
    return unreadable(path, error);
  }
}

/** By bytes of UTF-8, which no locale changes; string comparison differs from it beyond U+FFFF. */
function sortByPath(found: readonly Found[]): Found[] {
  return found
    .map((entry) => ({ entry, bytes: Buffer.from(entry.path) }))
    .sort((a, b) => Buffer.compare(a.bytes, b.bytes))
    .map(({ entry }) => entry);
}

function kindOf(entry: Dirent<Buffer>): string {
  if (entry.isSocket()) return 'a socket';
  if (entry.isFIFO()) return 'a named pipe';
  return 'a device';
}

function badName(path: string): SpotError {
  return new SpotError('SPOT-E-PROJECT-FILE-NAME', {
    message: `The name ${JSON.stringify(path)} is not UTF-8 (U+FFFD stands for what cannot be read).`,
    where: path,
  });
}

function badTarget(path: string, target: string): SpotError {
  return new SpotError('SPOT-E-PROJECT-FILE-NAME', {
    message: `The link ${JSON.stringify(path)} leads to ${JSON.stringify(target)}, which is not UTF-8.`,
    where: path,
    hint: 'Rename what it leads to, or leave the link out by a line in .spotignore.',
  });
}
