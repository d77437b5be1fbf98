import { SpotError } from '../../errors/spot-error.ts';
import type { Cloud } from '../cloud.ts';
import type { MachineLaunch } from '../machines/machine-host.ts';
import type { CloudState } from '../store/cloud-state.ts';
import { reservePortsAgain } from './reserve.ts';

const portAttempts = 5;

/**
 * Starts reserved machines, all at once and outside of the lock. When one cannot be started none stays, and its
 * error is thrown. A machine that was terminated while it started is removed again.
 */
export async function startMachines(cloud: Cloud, launches: readonly MachineLaunch[]): Promise<void> {
  const results = await Promise.allSettled(launches.map((launch) => startOne(cloud, launch)));
  const failure = results.find((result) => result.status === 'rejected');
  const ids = launches.map(({ instance }) => instance.id);
  if (failure !== undefined) {
    await cloud.host.remove(ids).catch(() => undefined);
    await cloud.store.update((state) => forgetLaunch(state, ids));
    throw failure.reason;
  }
  const unwanted = await cloud.store.update((state) =>
    ids.filter((id) => {
      const instance = state.instances[id];
      if (instance === undefined || instance.state === 'shutting-down' || instance.state === 'terminated')
        return true;
      instance.state = 'running';
      return false;
    }),
  );
  if (unwanted.length > 0) await cloud.host.remove(unwanted);
}

async function startOne(cloud: Cloud, launch: MachineLaunch): Promise<void> {
  let current = launch;
  for (let attempt = 1; (await cloud.host.start(current)) === 'port-taken'; attempt++) {
    if (attempt === portAttempts) {
      const ports = Object.values(current.instance.ports).join(', ');
      throw new SpotError('SPOT-E-PORT-TAKEN', {
        message: `One of the ports ${ports} of 127.0.0.1 was taken, ${attempt} times in a row.`,
      });
    }
    current = await cloud.store.update((state) => reservePortsAgain(state, current));
  }
}

/** A launch that failed never was: its token may be used again. */
function forgetLaunch(state: CloudState, ids: readonly string[]): void {
  for (const id of ids) {
    const instance = state.instances[id];
    if (instance === undefined) continue;
    for (const resource of [id, instance.volumeId, instance.networkInterfaceId, instance.spot?.requestId]) {
      if (resource !== undefined) delete state.tags[resource];
    }
    delete state.instances[id];
  }
  for (const [key, token] of Object.entries(state.tokens)) {
    if (token.resourceIds.some((id) => ids.includes(id))) delete state.tokens[key];
  }
  for (const [id, fleet] of Object.entries(state.fleets)) {
    if (fleet.instanceIds.some((instanceId) => ids.includes(instanceId))) delete state.fleets[id];
  }
}
