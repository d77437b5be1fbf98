import type { MachineHost } from './machines/machine-host.ts';
import type { CloudStore } from './store/cloud-store.ts';
import type { Market } from './world/market.ts';

/** What every action works with. */
export interface Cloud {
  readonly store: CloudStore;
  readonly host: MachineHost;
  readonly market: Market;
  /** How long after its launch a machine is not shown yet, in milliseconds. */
  readonly visibleAfterMs: number;
  readonly now: () => Date;
}
