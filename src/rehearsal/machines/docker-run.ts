import type { Engine } from './docker-engine.ts';
import type { MachineIdentity, MachineLaunch } from './machine-host.ts';

/** On every container of ours; its value says which cache folder's cloud it belongs to. */
export const cloudLabel = 'spot-deployer.rehearsal';
/** What the machine is, as JSON. */
export const identityLabel = 'spot-deployer.rehearsal.instance';
/** The variable by which a container gets its metadata; `init.sh` takes it out of the environment. */
export const metadataVariable = 'SPOT_METADATA';

/** The container of a machine; `instanceId` is the way back. */
export function containerName(instanceId: string): string {
  return `spot-${instanceId}`;
}

/** The other way round; `docker inspect` puts a slash before the name. */
export function instanceId(containerName: string): string {
  return containerName.replace(/^\/?spot-/, '');
}

/**
 * The arguments of `docker run` for a machine. Not `--privileged`, which engines refuse where the host itself
 * lacks a capability. Metadata is named only, so that user data is not in the process list.
 */
export function runArguments(launch: MachineLaunch, engine: Engine, cloudId: string): readonly string[] {
  const { instance, tags } = launch;
  const identity: MachineIdentity = { instance, tags };
  const ports = Object.entries(instance.ports);
  return [
    'run',
    '--detach',
    ...['--name', containerName(instance.id)],
    ...['--hostname', `ip-${instance.id.slice(2, 10)}`],
    ...['--label', `${cloudLabel}=${cloudId}`],
    ...['--label', `${identityLabel}=${JSON.stringify(identity)}`],
    ...['--env', metadataVariable],
    ...['SYS_ADMIN', 'NET_ADMIN', 'SYS_PTRACE', 'SYS_BOOT'].flatMap((capability) => [
      '--cap-add',
      capability,
    ]),
    ...['--security-opt', 'seccomp=unconfined', '--security-opt', 'apparmor=unconfined'],
    ...['--tmpfs', '/run', '--tmpfs', '/run/lock'],
    ...(engine.cgroupVersion === '1'
      ? ['--volume', '/sys/fs/cgroup:/sys/fs/cgroup:rw']
      : ['--cgroupns', 'private']),
    // An engine inside keeps its layers here: overlayfs does not go on top of overlayfs.
    ...['--volume', '/var/lib/docker'],
    // A reboot ends PID 1 with a signal, a poweroff with 0 (see image/prepare.sh).
    ...['--restart', 'on-failure'],
    ...ports.flatMap(([port, local]) => ['--publish', `127.0.0.1:${local}:${port}`]),
    engine.image,
  ];
}
