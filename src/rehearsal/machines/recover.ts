import type { ErrorCode } from '../../errors/catalogue.ts';
import { SpotError } from '../../errors/spot-error.ts';
import type { Cloud } from '../cloud.ts';
import { type CloudState, emptyState } from '../store/cloud-state.ts';
import type { MachineIdentity } from './machine-host.ts';

const withoutEngine: readonly ErrorCode[] = [
  'SPOT-E-DOCKER-NONE',
  'SPOT-E-DOCKER-DOWN',
  'SPOT-E-DOCKER-DENIED',
];

/**
 * Finds the machines that exist although the state file is gone. Where Docker cannot be asked there may still be
 * some: then nothing is written down, so that the next call looks again.
 */
export async function recover(cloud: Cloud): Promise<CloudState> {
  let found: readonly MachineIdentity[];
  try {
    found = await cloud.host.found();
  } catch (error) {
    if (error instanceof SpotError && withoutEngine.includes(error.code)) return emptyState();
    throw error;
  }
  return cloud.store.update((state) => {
    for (const { instance, tags } of found) {
      state.instances[instance.id] ??= { ...instance, state: 'running' };
      if (Object.keys(tags).length > 0) state.tags[instance.id] ??= { ...tags };
    }
    return state;
  });
}
