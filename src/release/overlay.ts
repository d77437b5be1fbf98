import { buffer } from 'node:stream/consumers';
import { pack } from 'tar-stream';

/** A file to put at an absolute place on a machine. */
export interface PlacedFile {
  /** Absolute path. */
  readonly path: string;
  readonly mode: number;
  readonly content: string | Buffer;
}

/** The files as an uncompressed tar, root-owned, to be unpacked at `/`. Held in memory: these are small. */
export async function packOverlay(files: readonly PlacedFile[]): Promise<Buffer> {
  const archive = pack();
  for (const { path, mode, content } of files) {
    archive.entry(
      { name: path.slice(1), mode, mtime: new Date(0), uid: 0, gid: 0, uname: 'root', gname: 'root' },
      content,
    );
  }
  archive.finalize();
  return buffer(archive);
}
