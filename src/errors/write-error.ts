import { SpotError } from './spot-error.ts';

/** Codes of a file system that takes no more: full, over the user's quota, over the largest file allowed. */
const full = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

/** What to throw when the file or folder at `path` could not be written: a system's error as ours, any other as it is. */
export function writeError(error: unknown, path: string): unknown {
  const { code, errno, message } = error as NodeJS.ErrnoException;
  if (code === undefined || errno === undefined) return error;
  if (full.has(code)) {
    return new SpotError('SPOT-E-DISK-FULL', {
      message: `There is no room for ${path}.`,
      where: path,
      cause: error,
    });
  }
  // Node says `EACCES: permission denied, open '/the/path'`.
  const [reason] = message.split(',');
  return new SpotError('SPOT-E-STATE-UNWRITABLE', {
    message: `${path} cannot be written: ${reason}.`,
    where: path,
    cause: error,
  });
}
