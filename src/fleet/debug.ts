import { type SpotError, toSpotErrors } from '../errors/spot-error.ts';
import type { MachineName } from './events.ts';
import { saveEvidence } from './evidence.ts';
import type { Fleet } from './fleet.ts';
import { nameOf } from './machine-name.ts';
import { openMachines } from './open-machines.ts';
import { projectSecrets } from './project-secrets.ts';
import { untilConnected } from './until-connected.ts';

export interface DebugReport {
  readonly schema: 'spot-deployer/debug/v1';
  /** Absolute paths of the archives, one a machine. */
  readonly archives: readonly { readonly machine: string; readonly path: string }[];
  /** Machines that could not be asked. */
  readonly failures: readonly { readonly machine: MachineName; readonly error: SpotError }[];
  readonly exitCode: 0 | 1 | 3;
}

/**
 * Collects the evidence of one machine or all. A machine that cannot be asked keeps none of the others from it.
 * @throws SPOT-E-MACHINE-UNKNOWN
 */
export async function debug(fleet: Fleet, machine?: string): Promise<DebugReport> {
  const secrets = await projectSecrets(fleet);
  const archives: { machine: string; path: string }[] = [];
  const failures: { machine: MachineName; error: SpotError }[] = [];
  await openMachines(fleet, machine === undefined ? [] : [machine], async (access) => {
    try {
      const path = await untilConnected(() => saveEvidence(fleet, access, secrets));
      archives.push({ machine: access.machine.id, path });
    } catch (thrown) {
      fleet.signal.throwIfAborted();
      failures.push({ machine: nameOf(access.machine), error: toSpotErrors(thrown)[0] as SpotError });
    }
  });
  const exitCode = failures.length === 0 ? 0 : archives.length === 0 ? 1 : 3;
  return { schema: 'spot-deployer/debug/v1', archives, failures, exitCode };
}
