import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { SpotError } from '../errors/spot-error.ts';
import { writeError } from '../errors/write-error.ts';

/**
 * Replaces a file in one step: a reader sees the old content or the new, never half of it, and the new content is
 * on disk before this returns. Mode 0600: state holds keys and host names.
 * @throws SPOT-E-DISK-FULL, SPOT-E-STATE-UNWRITABLE
 */
export function writeFileAtomically(path: string, content: string): void {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const file = openSync(temporary, 'w', 0o600);
    try {
      // Not writeSync: that may write a part only, as the last of a disk that fills up.
      writeFileSync(file, content);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
    syncFolder(dirname(path));
  } catch (cause) {
    rmSync(temporary, { force: true });
    throw writeError(cause, path);
  }
}

/** A new name in a folder is on disk only when the folder is. */
function syncFolder(path: string): void {
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

/**
 * The JSON value in a file, or undefined where there is no such file.
 * @throws SPOT-E-STATE-BROKEN
 */
export function readJsonFile<Value>(path: string): Value | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new SpotError('SPOT-E-STATE-BROKEN', {
      message: `Cannot read ${path}: ${(cause as Error).message}`,
      where: path,
      cause,
    });
  }
  try {
    return JSON.parse(text) as Value;
  } catch (cause) {
    throw new SpotError('SPOT-E-STATE-BROKEN', { message: `${path} is not valid JSON.`, where: path, cause });
  }
}
