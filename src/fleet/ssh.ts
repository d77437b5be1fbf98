import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { endpointOf } from '../cloud/machines.ts';
import { SpotError } from '../errors/spot-error.ts';
import { shellCommand } from '../machine/shell.ts';
import { writeFileAtomically } from '../state/atomic-file.ts';
import { accessKey } from './access-key.ts';
import type { Fleet } from './fleet.ts';
import { MachineAccess } from './machine-access.ts';
import { labelOf, selectMachines } from './machine-name.ts';
import { Survey } from './survey.ts';
import { untilConnected } from './until-connected.ts';

const patienceMilliseconds = 15_000;

/**
 * The system's own `ssh`, so that users keep their terminal, but trusting only the host key pinned for the machine:
 * it is looked up by the machine's id, whatever address it has. A machine that still shows the key it was launched
 * with gets its own first, because whoever has read its user data could show that one.
 * @throws SPOT-E-MACHINE-UNKNOWN, SPOT-E-MACHINE-FOREIGN; SPOT-E-MACHINE-UNREACHABLE and others when the machine has
 *   no host key of its own yet and cannot be reached
 */
export async function sshInvocation(
  fleet: Fleet,
  machine: string,
  command: readonly string[],
): Promise<{ program: string; args: readonly string[] }> {
  const survey = new Survey(fleet);
  const [found] = selectMachines(await survey.everything(), [machine]);
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
  if (!record.hostKeyInForce)
    await changeHostKey(new MachineAccess(fleet, survey, found, (await accessKey(fleet)).privateKey));
  const knownHosts = join(fleet.state.folder, 'known_hosts');
  writeFileAtomically(knownHosts, knownHostsOf(fleet));
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

async function changeHostKey(access: MachineAccess): Promise<void> {
  try {
    await untilConnected(() => access.connected(patienceMilliseconds));
  } finally {
    access.close();
  }
}

function knownHostsOf(fleet: Fleet): string {
  return fleet.state
    .machines()
    .flatMap(({ id, hostKey, hostKeyInForce }) => (hostKeyInForce && hostKey ? [`${id} ${hostKey}\n`] : []))
    .join('');
}
