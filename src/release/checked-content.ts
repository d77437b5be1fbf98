import { createHash, type Hash } from 'node:crypto';
import { closeSync, constants, createReadStream, openSync, readFileSync } from 'node:fs';
import { SpotError } from '../errors/spot-error.ts';
import type { FileEntry } from '../project/deployment.ts';

const readOnly = constants.O_RDONLY | constants.O_NOFOLLOW;

/**
 * The content of a file of the project, all at once.
 *
 * @throws SPOT-E-PROJECT-CHANGED when it is not what its digest was taken of
 */
export function checkedContent(root: string, entry: FileEntry): Buffer {
  const content = read(root, entry);
  const hash = createHash('sha256').update(content);
  checkEnd(entry, content.length, hash);
  return content;
}

/**
 * The content of a file of the project, in chunks of 1 MB. The last chunk was delivered when a change is noticed,
 * so what was made of it has to be thrown away.
 *
 * @throws SPOT-E-PROJECT-CHANGED when it is not what its digest was taken of
 */
export async function* checkedChunks(root: string, entry: FileEntry): AsyncGenerator<Buffer> {
  const hash = createHash('sha256');
  let size = 0;
  const chunks = createReadStream(`${root}/${entry.path}`, {
    // A number is what open(2) gets; the types know only the names.
    flags: readOnly as unknown as string,
    highWaterMark: 1024 * 1024,
  });
  try {
    for await (const chunk of chunks as AsyncIterable<Buffer>) {
      hash.update(chunk);
      size += chunk.length;
      if (size > entry.size) break;
      yield chunk;
    }
  } catch (error) {
    throw changed(entry, error);
  }
  checkEnd(entry, size, hash);
}

function read(root: string, entry: FileEntry): Buffer {
  try {
    const descriptor = openSync(`${root}/${entry.path}`, readOnly);
    try {
      return readFileSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    throw changed(entry, error);
  }
}

function checkEnd(entry: FileEntry, size: number, hash: Hash): void {
  if (size !== entry.size || hash.digest('hex') !== entry.sha256) throw changed(entry);
}

function changed(entry: FileEntry, cause?: unknown): SpotError {
  const path = JSON.stringify(entry.path);
  const message =
    cause === undefined
      ? `${path} changed while the bundle was made.`
      : `${path} could be read at first, but not when the bundle was made.`;
  return new SpotError('SPOT-E-PROJECT-CHANGED', { message, where: entry.path, cause });
}
