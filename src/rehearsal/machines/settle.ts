import { isAlive } from '../../state/process-identity.ts';
import type { Cloud } from '../cloud.ts';
import type { CloudState, InstanceRecord } from '../store/cloud-state.ts';
import { forgetOld } from '../store/forget-old.ts';
import { type Change, changeOf } from './record-change.ts';
import { recover } from './recover.ts';

const minute = 60_000;

/**
 * The remembered state brought up to what a region's machines are doing now. Asks the host only when there is a
 * machine it could know something about. Machines that are found although nothing is remembered are taken in again.
 */
export async function currentState(cloud: Cloud, region: string): Promise<CloudState> {
  const state = (await cloud.store.read()) ?? (await recover(cloud));
  const now = cloud.now();
  forgetOld(state, now);
  const watched = Object.values(state.instances).filter(
    (instance) => instance.region === region && isWorthALook(instance, now),
  );
  if (watched.length === 0) return state;
  // Asked before the look: what has started in between is seen then, and what is still starting is waited for.
  const starting = await underLaunch(cloud, watched);
  const sights = await cloud.host.look(watched.map((instance) => instance.id));
  const changes = new Map<string, { before: InstanceRecord['state']; change: Change }>();
  const leftovers: string[] = [];
  for (const instance of watched) {
    const sight = sights.get(instance.id);
    const change = changeOf(instance, sight, starting.has(instance.id), now);
    if (change !== undefined) changes.set(instance.id, { before: instance.state, change });
    const after = change?.state ?? instance.state;
    if (sight !== undefined && (after === 'terminated' || after === 'shutting-down'))
      leftovers.push(instance.id);
  }
  if (leftovers.length > 0) await cloud.host.remove(leftovers);
  if (changes.size === 0) return state;
  return cloud.store.update((fresh) => {
    for (const [id, { before, change }] of changes) {
      const instance = fresh.instances[id];
      // Another process may know better by now.
      if (instance?.state === before) Object.assign(instance, change);
    }
    forgetOld(fresh, now);
    return fresh;
  });
}

/** Ids of the pending machines that somebody is still at: their launcher, or what it started before it was killed. */
async function underLaunch(cloud: Cloud, instances: readonly InstanceRecord[]): Promise<ReadonlySet<string>> {
  const pending = instances.filter(({ state }) => state === 'pending');
  const attended = pending.filter(({ launcher }) => isAlive(launcher)).map(({ id }) => id);
  if (attended.length === pending.length) return new Set(attended);
  return new Set([...attended, ...(await cloud.host.starting())]);
}

/** A machine can turn up shortly after its record was closed, when its launcher was killed half-way. */
function isWorthALook(instance: InstanceRecord, now: Date): boolean {
  if (instance.state !== 'terminated' || instance.terminatedAt === undefined) return true;
  return now.getTime() - Date.parse(instance.terminatedAt) < minute;
}
