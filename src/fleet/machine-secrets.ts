import { buffer } from 'node:stream/consumers';
import { extract } from 'tar-stream';
import { secretFilesCommand } from '../machine/secret-files.ts';
import type { MachineAccess } from './machine-access.ts';

/**
 * What the releases on a machine were sent as secrets, former releases too: its logs go back to the first one, and
 * the project here may have changed since. Kept in memory only.
 * @throws ConnectionLost, SPOT-E-DELIVERY
 */
export async function machineSecrets(
  access: MachineAccess,
  patienceMilliseconds: number,
): Promise<readonly Buffer[]> {
  const archive = await access.execOrFail(secretFilesCommand(), patienceMilliseconds);
  const incoming = extract();
  incoming.end(archive);
  const contents: Buffer[] = [];
  for await (const entry of incoming) contents.push(await buffer(entry));
  return contents;
}
