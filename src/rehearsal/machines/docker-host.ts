import { createHash } from 'node:crypto';
import { DockerFailure, docker, dockerError } from './docker-command.ts';
import { openEngine } from './docker-engine.ts';
import { containersBeingMade, launchesEnded } from './docker-launches.ts';
import {
  cloudLabel,
  containerName,
  identityLabel,
  instanceId,
  metadataVariable,
  runArguments,
} from './docker-run.ts';
import type { MachineHost, MachineIdentity, MachineLaunch, MachineSight } from './machine-host.ts';

/** As much of a machine's journal as EC2 keeps of a console. */
const consoleBytes = 65_536;

/** Machines as Docker containers. `folder` is the rehearsal cloud's own; it also tells its machines from others'. */
export function dockerHost(folder: string, onProgress: (text: string) => void): MachineHost {
  const engine = openEngine(folder, onProgress);
  const cloudId = cloudIdOf(folder);
  const run = async (launch: MachineLaunch) => {
    const args = runArguments(launch, await engine.ready(), cloudId);
    await docker(args, { env: { [metadataVariable]: launch.metadata }, uninterrupted: true });
  };
  const start = async (launch: MachineLaunch): Promise<'started' | 'port-taken'> => {
    try {
      await run(launch);
      return 'started';
    } catch (failure) {
      // What was created for it before it failed would hold the name.
      await remove(launch.instance.id).catch(() => undefined);
      const trouble = failure instanceof DockerFailure ? failure.trouble : undefined;
      if (trouble === 'port-taken') return 'port-taken';
      if (trouble !== 'no-such-image') throw dockerError(failure, 'start a machine');
    }
    await engine.forget();
    await run(launch).catch((failure) => {
      throw dockerError(failure, 'start a machine');
    });
    return 'started';
  };
  return {
    start,
    starting: async () => new Set([...(await containersBeingMade())].map(instanceId)),
    look,
    remove: async (ids) => {
      await launchesEnded(ids);
      await each(ids, remove);
    },
    reboot: (ids) =>
      each(ids, (id) =>
        act(['exec', '--detach', containerName(id), 'systemctl', 'reboot'], 'reboot a machine'),
      ),
    stop: (ids) => each(ids, (id) => act(['stop', containerName(id)], 'stop a machine')),
    resume: (ids) => each(ids, (id) => act(['start', containerName(id)], 'start a machine')),
    console: readConsole,
    found: () => findMachines(cloudId),
  };
}

/** Which machines belong to a folder's cloud. */
export function cloudIdOf(folder: string): string {
  return createHash('sha256').update(folder).digest('hex').slice(0, 12);
}

async function findMachines(cloudId: string): Promise<readonly MachineIdentity[]> {
  const format = `{{.Label "${identityLabel}"}}`;
  const filter = `label=${cloudLabel}=${cloudId}`;
  try {
    const output = await docker(['ps', '--all', '--filter', filter, '--format', format]);
    return output
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as MachineIdentity);
  } catch (failure) {
    throw dockerError(failure, 'look for machines');
  }
}

/** One line of JSON a machine. */
const sightFormat = [
  '{"name":{{json .Name}},"status":{{json .State.Status}}',
  '{{range .NetworkSettings.Networks}},"address":{{json .IPAddress}},"macAddress":{{json .MacAddress}}{{end}}}',
].join('');

interface InspectedMachine {
  readonly name: string;
  readonly status: string;
  readonly address?: string;
  readonly macAddress?: string;
}

async function look(ids: readonly string[]): Promise<ReadonlyMap<string, MachineSight>> {
  const args = ['inspect', '--type', 'container', '--format', sightFormat, ...ids.map(containerName)];
  const output = await docker(args).catch((failure) => {
    // Docker prints those that exist even when others do not.
    if (failure instanceof DockerFailure && failure.trouble === 'no-such-container') return failure.stdout;
    throw dockerError(failure, 'look at the machines');
  });
  const sights = new Map<string, MachineSight>();
  for (const line of output.split('\n').filter((text) => text.startsWith('{'))) {
    const machine = JSON.parse(line) as InspectedMachine;
    sights.set(instanceId(machine.name), {
      status: sightStatus(machine.status),
      address: machine.address || undefined,
      macAddress: machine.macAddress || undefined,
    });
  }
  return sights;
}

/** A container that restarts is a machine that reboots, and EC2 calls that running. */
function sightStatus(status: string): MachineSight['status'] {
  if (status === 'created') return 'starting';
  return status === 'exited' || status === 'dead' || status === 'removing' ? 'ended' : 'running';
}

async function remove(id: string): Promise<void> {
  try {
    await docker(['rm', '--force', '--volumes', containerName(id)], { uninterrupted: true });
  } catch (failure) {
    const gone =
      failure instanceof DockerFailure &&
      (failure.trouble === 'no-such-container' || /already in progress/.test(failure.stderr));
    if (!gone) throw dockerError(failure, 'remove a machine');
  }
}

async function act(args: readonly string[], doing: string): Promise<void> {
  await docker(args).catch((failure) => {
    throw dockerError(failure, doing);
  });
}

/** Containers have no console; the journal of the running boot tells what one would show. */
async function readConsole(id: string): Promise<string> {
  try {
    const args = ['exec', containerName(id), 'journalctl', '--boot', '--no-pager', '--output', 'short-iso'];
    return (await docker(args)).slice(-consoleBytes);
  } catch (failure) {
    if (failure instanceof DockerFailure && failure.trouble === 'no-such-container') return '';
    throw dockerError(failure, 'read the journal of a machine');
  }
}

async function each(ids: readonly string[], act: (id: string) => Promise<void>): Promise<void> {
  await Promise.all(ids.map(act));
}
