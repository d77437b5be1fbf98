import type { InstanceRecord } from '../store/cloud-state.ts';

/** What a machine is started from. */
export interface MachineLaunch {
  readonly instance: InstanceRecord;
  readonly tags: Readonly<Record<string, string>>;
  /** What the metadata service serves, see metadata.ts. */
  readonly metadata: string;
}

/** What a machine carries with it, so that it is found again when the state file is lost. */
export interface MachineIdentity {
  readonly instance: InstanceRecord;
  readonly tags: Readonly<Record<string, string>>;
}

/** What can be seen of a machine from outside. */
export interface MachineSight {
  readonly status: 'starting' | 'running' | 'ended';
  readonly address: string | undefined;
  readonly macAddress: string | undefined;
}

/** Where machines really are. Troubles come as SpotError. */
export interface MachineHost {
  /** Starts one machine; `port-taken` when one of its ports of this computer is not free any more. */
  readonly start: (launch: MachineLaunch) => Promise<'started' | 'port-taken'>;
  /** Ids of the machines that are being started, be it for a process that was killed meanwhile. */
  readonly starting: () => Promise<ReadonlySet<string>>;
  /** The machines of these ids that exist. */
  readonly look: (ids: readonly string[]) => Promise<ReadonlyMap<string, MachineSight>>;
  /** Removes machines with everything they wrote, also those being started; one that is gone already is no error. */
  readonly remove: (ids: readonly string[]) => Promise<void>;
  readonly reboot: (ids: readonly string[]) => Promise<void>;
  readonly stop: (ids: readonly string[]) => Promise<void>;
  readonly resume: (ids: readonly string[]) => Promise<void>;
  /** What a machine wrote to its console. */
  readonly console: (id: string) => Promise<string>;
  /** Every machine of this cloud that exists, known or not. */
  readonly found: () => Promise<readonly MachineIdentity[]>;
}
