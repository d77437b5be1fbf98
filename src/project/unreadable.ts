import { getSystemErrorMap } from 'node:util';
import { SpotError } from '../errors/spot-error.ts';

/** The error for a file or folder of the project (`path`, relative) that the system does not let us read. */
export function unreadable(path: string, cause: unknown): SpotError {
  const { errno } = cause as NodeJS.ErrnoException;
  const reason = errno === undefined ? String(cause) : getSystemErrorMap().get(errno)?.[1];
  return new SpotError('SPOT-E-PROJECT-UNREADABLE', {
    message: `${JSON.stringify(path)} cannot be read: ${reason ?? `system error ${errno}`}.`,
    where: path,
    cause,
  });
}
