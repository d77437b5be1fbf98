import { closeSync, constants, fstatSync, openSync, read, readSync } from 'node:fs';
import { promisify } from 'node:util';

const chunkBytes = 1024 * 1024;
const readAsync = promisify(read);

/** What was found in a file while it was read. */
export interface ContentRead {
  /** Bytes that were read, which is the truth where the file grows meanwhile. */
  readonly size: number;
  /** The file's mode as the file system has it. */
  readonly mode: number;
}

/** Reads the file at an absolute path from beginning to end. A chunk is valid only during the call. */
export type ReadContent = (path: string, consume: (chunk: Buffer) => void) => Promise<ContentRead>;

/**
 * A reader with one buffer of 1 MB that it uses again and again, so that a tree of 20,000 files and one of 300 MB
 * need the same memory. What fits the buffer is read synchronously (four system calls a file; a promise for each
 * would cost more than the reading), larger files leave room for other work between chunks.
 *
 * Calls on one reader must not overlap.
 */
export function contentReader(): ReadContent {
  const buffer = Buffer.allocUnsafe(chunkBytes);
  return async (path, consume) => {
    // A link that took the file's place after the walk must not lead us out of the project.
    const descriptor = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW);
    try {
      const { mode, size: expected } = fstatSync(descriptor);
      let size = 0;
      for (;;) {
        const count =
          expected < chunkBytes
            ? readSync(descriptor, buffer, 0, chunkBytes, null)
            : (await readAsync(descriptor, buffer, 0, chunkBytes, null)).bytesRead;
        if (count === 0) return { size, mode };
        size += count;
        consume(buffer.subarray(0, count));
        // A short read of a file as long as expected is its end: spares a system call a file.
        if (count < chunkBytes && size === expected) return { size, mode };
      }
    } finally {
      closeSync(descriptor);
    }
  };
}
