import { mkdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { createGunzip, gzipSync } from 'node:zlib';
import { extract, pack } from 'tar-stream';
import { evidenceCommand } from '../machine/commands.ts';
import type { Fleet } from './fleet.ts';
import type { MachineAccess } from './machine-access.ts';
import { machineSecrets } from './machine-secrets.ts';
import { type Redact, redactorOf } from './redaction.ts';

const patienceMilliseconds = 15_000;

/**
 * Saves what a person needs to find out why a machine is not well: `.spot/evidence/MACHINE-TIME.tar.gz` in the
 * project, the project's secrets and those on the machine redacted.
 * @param secrets the content of each secret file of the project
 * @returns the path of the archive
 */
export async function saveEvidence(
  fleet: Fleet,
  access: MachineAccess,
  secrets: readonly Buffer[],
): Promise<string> {
  const redact = redactorOf([...secrets, ...(await machineSecrets(access, patienceMilliseconds))]);
  const collected = await access.execOrFail(evidenceCommand(), patienceMilliseconds);
  const archive = gzipSync(await redactArchive(collected, redact));
  const folder = join(fleet.root, '.spot', 'evidence');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  await writeFile(join(folder, '.gitignore'), '*\n');
  const stamp = new Date().toISOString().replaceAll(/[:.]/g, '-');
  const path = join(folder, `${access.machine.id}-${stamp}.tar.gz`);
  await writeFile(path, archive, { mode: 0o600 });
  return path;
}

async function redactArchive(compressed: Buffer, redact: Redact): Promise<Buffer> {
  const incoming = extract();
  const outgoing = pack();
  const whole = buffer(outgoing);
  const gunzip = createGunzip();
  gunzip.on('error', (error) => incoming.destroy(error));
  gunzip.pipe(incoming);
  gunzip.end(compressed);
  for await (const entry of incoming) {
    const { name, mode, type, linkname } = entry.header;
    const content = await buffer(entry);
    if (type === 'file') outgoing.entry({ name, mode: mode ?? 0o600 }, redact(content.toString('utf8')));
    else outgoing.entry({ name, type: type ?? 'file', ...(linkname && { linkname }) });
  }
  outgoing.finalize();
  return whole;
}
