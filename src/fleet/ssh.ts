import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { endpointOf } from '../cloud/machines.ts';
import { SpotError } from '../errors/spot-error.ts';
import { shellCommand } from '../machine/shell.ts';
import { accessKey } from './access-key.ts';
import type { Fleet } from './fleet.ts';
import { labelOf, selectMachines } from './machine-name.ts';
import { Survey } from './survey.ts';

/**
 * The system's own `ssh`, so that users keep their terminal, but trusting only the host key pinned for the machine:
 * it is looked up by the machine's id, whatever address it has.
 * @throws SPOT-E-MACHINE-UNKNOWN, SPOT-E-MACHINE-FOREIGN
 */
export async function sshInvocation(
  fleet: Fleet,
  machine: string,
  command: readonly string[],
): Promise<{ program: string; args: readonly string[] }> {
  const [found] = selectMachines(await new Survey(fleet).everything(), [machine]);
  const record = found && fleet.state.machine(found.id);
  const endpoint = found && endpointOf(found, 22);
  if (!found || !endpoint || !record || !(record.hostKey ?? record.bootstrapHostKey)) {
    throw new SpotError('SPOT-E-MACHINE-FOREIGN', {
      message: `This folder has no key for ${machine}.`,
      ...(found && { where: labelOf(found) }),
    });
  }
  const keyPath = fleet.settings.ssh.privateKeyPath ?? fleet.state.keyPath();
  if (!existsSync(keyPath)) await accessKey(fleet);
  const knownHosts = join(fleet.state.folder, 'known_hosts');
  writeFileSync(knownHosts, knownHostsOf(fleet), { mode: 0o600 });
  const options = {
    HostKeyAlias: found.id,
    UserKnownHostsFile: configPath(knownHosts),
    GlobalKnownHostsFile: '/dev/null',
    StrictHostKeyChecking: 'yes',
    UpdateHostKeys: 'no',
    IdentitiesOnly: 'yes',
    IdentityFile: configPath(keyPath),
    LogLevel: 'ERROR',
  };
  return {
    program: 'ssh',
    args: [
      ...Object.entries(options).flatMap(([name, value]) => ['-o', `${name}=${value}`]),
      '-p',
      String(endpoint.port),
      '-l',
      fleet.settings.username,
      endpoint.host,
      ...(command.length > 0 ? ['--', remoteCommand(command)] : []),
    ],
  };
}

/**
 * ssh joins words by spaces and leaves them to the login shell there: several words are quoted so that they arrive
 * as they are. A single one is a command line: `spot ssh MACHINE -- 'cd /srv && ls'`.
 */
function remoteCommand(words: readonly string[]): string {
  return words.length === 1 ? (words[0] ?? '') : shellCommand(words);
}

/** A path as ssh_config(5) wants it: one word whatever it holds, and with no `%` that begins a token. */
function configPath(path: string): string {
  return `"${path.replace(/["\\]/g, '\\$&').replaceAll('%', '%%')}"`;
}

function knownHostsOf(fleet: Fleet): string {
  return fleet.state
    .machines()
    .map(({ id, hostKey, bootstrapHostKey }) => `${id} ${hostKey ?? bootstrapHostKey ?? ''}\n`)
    .join('');
}
