import type { SpotError } from '../errors/spot-error.ts';
import type { Check } from '../machine/check.ts';
import type { MachineName, MachinePhase } from './events.ts';

/** One row of `spot list`; with `--json` exactly this, inside `{"schema":"spot-deployer/list/v1",…}`. */
export interface MachineRow {
  readonly id: string;
  readonly region: string;
  readonly zone: string;
  readonly type: string;
  /** The cloud's word: pending, running, shutting-down, terminated. */
  readonly state: string;
  readonly address: string | undefined;
  /** Port of the deployment → `host:port` where it is reached from here. */
  readonly endpoints: Readonly<Record<string, string>>;
  readonly release: string | undefined;
  readonly phase: MachinePhase | 'unknown';
  readonly health: 'ok' | 'failing' | 'unknown';
  /** ISO 8601 in UTC. */
  readonly launchedAt: string;
  /** USD an hour, where the cloud says so. */
  readonly price: number | undefined;
  /** Launched for this deployment but unknown to this folder's state. */
  readonly orphan: boolean;
}

export interface ListReport {
  readonly schema: 'spot-deployer/list/v1';
  readonly deployment: string;
  readonly machines: readonly MachineRow[];
}

export interface VerifyReport {
  readonly schema: 'spot-deployer/verify/v1';
  readonly machines: readonly { readonly id: string; readonly checks: readonly Check[] }[];
  /** Every check of every machine holds, and there is a machine. */
  readonly ok: boolean;
}

/** A machine, or a launch, that `spot create` could not bring to its end. */
export interface CreateFailure {
  /** Undefined when a launch failed before there was a machine. */
  readonly machine: MachineName | undefined;
  readonly error: SpotError;
  /** The archive with the machine's evidence, when some could be had. */
  readonly evidence?: string;
}

export interface CreateResult {
  readonly schema: 'spot-deployer/create/v1';
  readonly deployment: string;
  readonly release: string;
  /** Every machine that is there at the end. */
  readonly machines: readonly MachineRow[];
  readonly failures: readonly CreateFailure[];
  readonly seconds: number;
  readonly exitCode: 0 | 1 | 3;
}
