import { saveEvidence } from './evidence.ts';
import type { Fleet } from './fleet.ts';
import { openMachines } from './open-machines.ts';
import { projectSecrets } from './project-secrets.ts';
import { untilConnected } from './until-connected.ts';

export interface DebugReport {
  readonly schema: 'spot-deployer/debug/v1';
  /** Absolute paths of the archives, one a machine. */
  readonly archives: readonly { readonly machine: string; readonly path: string }[];
}

/**
 * Collects the evidence of one machine or all.
 * @throws SPOT-E-MACHINE-UNKNOWN, SPOT-E-MACHINE-UNREACHABLE
 */
export async function debug(fleet: Fleet, machine?: string): Promise<DebugReport> {
  const secrets = await projectSecrets(fleet);
  const archives = await openMachines(fleet, machine === undefined ? [] : [machine], async (access) => ({
    machine: access.machine.id,
    path: await untilConnected(() => saveEvidence(fleet, access, secrets)),
  }));
  return { schema: 'spot-deployer/debug/v1', archives };
}
