import { closeSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setImmediate } from 'node:timers/promises';
import { pack as createPack, type Header, type Pack } from 'tar-stream';
import { writeError } from '../errors/write-error.ts';
import type { Deployment, FileEntry, ProjectEntry } from '../project/deployment.ts';
import { checkedChunks, checkedContent } from './checked-content.ts';

/** The written bundle: an uncompressed tar. */
export interface Bundle {
  /** Bytes. */
  readonly size: number;
}

/** Bytes that are gathered before they are written: a tar of small files is otherwise thousands of tiny writes. */
const writeBytes = 256 * 1024;
/** Entries that are packed before other work gets a turn. */
const turn = 50;
/** Up to this size a file is read all at once. */
const wholeFileBytes = 1024 * 1024;

/**
 * Writes the project as an uncompressed tar whose bytes depend on nothing but the entries: sorted, root-owned,
 * times zero. Folders of secrets are in it; their files are not, because the bundle is cached. The file appears
 * at `destination` whole or not at all, and memory stays flat for files of any size.
 *
 * @throws SPOT-E-PROJECT-CHANGED when a file is no longer what its digest says, SPOT-E-DISK-FULL
 */
export async function writeBundle(deployment: Deployment, destination: string): Promise<Bundle> {
  const temporary = `${destination}.${process.pid}.tmp`;
  try {
    mkdirSync(dirname(destination), { recursive: true });
    const output = openSync(temporary, 'w', 0o600);
    try {
      const pack = createPack();
      const [written] = await Promise.allSettled([writeOutput(pack, output), packEntries(pack, deployment)]);
      // A failure on either side ends both; the writer's reason is the one that came first.
      if (written.status === 'rejected') throw written.reason;
      renameSync(temporary, destination);
      return written.value;
    } finally {
      closeSync(output);
      rmSync(temporary, { force: true });
    }
  } catch (error) {
    throw writeError(error, destination);
  }
}

/** The secret files with their content, which goes to the machines beside the bundle and is never stored. */
export async function secretFiles(
  deployment: Deployment,
): Promise<{ readonly entry: FileEntry; readonly content: Buffer }[]> {
  return deployment.entries
    .filter((entry) => entry.type === 'file')
    .filter((entry) => entry.secret)
    .map((entry) => ({ entry, content: checkedContent(deployment.root, entry) }));
}

async function packEntries(pack: Pack, { root, entries }: Deployment): Promise<void> {
  try {
    for (const [index, entry] of entries.entries()) {
      if (entry.type !== 'file') await packWhole(pack, entry);
      else if (entry.secret) continue;
      else if (entry.size <= wholeFileBytes) await packWhole(pack, entry, checkedContent(root, entry));
      else await pipeline(checkedChunks(root, entry), pack.entry(header(entry)));
      if (index % turn === turn - 1) await setImmediate();
    }
    pack.finalize();
  } catch (error) {
    pack.destroy(error as Error);
    throw error;
  }
}

function packWhole(pack: Pack, entry: ProjectEntry, content: Buffer = Buffer.alloc(0)): Promise<void> {
  return new Promise((resolve, reject) => {
    pack.entry(header(entry), content, (error) => (error ? reject(error) : resolve()));
  });
}

function header(entry: ProjectEntry): Partial<Header> & { name: string } {
  const common = { name: entry.path, uid: 0, gid: 0, uname: 'root', gname: 'root', mtime: new Date(0) };
  switch (entry.type) {
    case 'file':
      return { ...common, type: 'file', mode: entry.mode, size: entry.size };
    case 'directory':
      return { ...common, type: 'directory', mode: entry.mode };
    case 'symlink':
      return { ...common, type: 'symlink', mode: 0o777, linkname: entry.target };
  }
}

/** Writes what `pack` gives to an open file in large blocks. */
async function writeOutput(pack: Pack, output: number): Promise<Bundle> {
  let waiting: Buffer[] = [];
  let waitingBytes = 0;
  let size = 0;
  const flush = () => {
    const block = Buffer.concat(waiting, waitingBytes);
    for (let offset = 0; offset < block.length; ) offset += writeSync(output, block, offset);
    size += block.length;
    waiting = [];
    waitingBytes = 0;
  };
  for await (const chunk of pack as AsyncIterable<Buffer>) {
    waiting.push(chunk);
    waitingBytes += chunk.length;
    if (waitingBytes >= writeBytes) flush();
  }
  flush();
  return { size };
}
