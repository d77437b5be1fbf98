import type { MachineName } from '../fleet/events.ts';

/** How every line about a machine begins: `[i-0123456789abcdef0 @ 203.0.113.7]`. */
export function machineLabel(machine: Pick<MachineName, 'id' | 'address'>): string {
  return machine.address === undefined ? `[${machine.id}]` : `[${machine.id} @ ${machine.address}]`;
}

/** The same for narrow windows, the id shortened to its first digits: `[i-0123456… @ 203.0.113.7]`. */
export function shortMachineLabel(machine: MachineName): string {
  const id = machine.id.length > 12 ? `${machine.id.slice(0, 9)}…` : machine.id;
  return machineLabel({ id, address: machine.address });
}
