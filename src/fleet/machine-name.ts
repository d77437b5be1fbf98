import { aliveStates, type CloudMachine, endpointOf } from '../cloud/machines.ts';
import { SpotError } from '../errors/spot-error.ts';
import type { MachineName } from './events.ts';

export function nameOf(machine: CloudMachine): MachineName {
  return { id: machine.id, region: machine.region, zone: machine.zone, address: machine.publicAddress };
}

/** `i-0123… @ 203.0.113.7`, as lines and errors about the machine begin. */
export function labelOf(machine: CloudMachine): string {
  return machine.publicAddress === undefined ? machine.id : `${machine.id} @ ${machine.publicAddress}`;
}

/** Each port of the deployment with the `host:port` where it is reached from here. */
export function endpointsOf(machine: CloudMachine, ports: readonly number[]): Record<string, string> {
  const endpoints: Record<string, string> = {};
  for (const port of ports) {
    const endpoint = endpointOf(machine, port);
    if (endpoint) endpoints[port] = `${endpoint.host}:${endpoint.port}`;
  }
  return endpoints;
}

/**
 * The living machines that the user named, by id or the beginning of one; all of them when none was named.
 * @throws SPOT-E-MACHINE-UNKNOWN
 */
export function selectMachines(
  machines: readonly CloudMachine[],
  named: readonly string[],
): readonly CloudMachine[] {
  const alive = machines.filter(({ state }) => aliveStates.includes(state));
  if (named.length === 0) return alive;
  return named.map((wanted) => {
    const matches = alive.filter(({ id }) => id === wanted || id.startsWith(wanted));
    const [machine] = matches;
    if (machine && matches.length === 1) return machine;
    throw new SpotError('SPOT-E-MACHINE-UNKNOWN', {
      message:
        matches.length === 0
          ? `No machine of this deployment is called ${wanted}.`
          : `${wanted} could be ${matches.map(({ id }) => id).join(' or ')}.`,
      hint:
        alive.length === 0
          ? 'No machine of this deployment is running; `spot create` launches some.'
          : `There ${alive.length === 1 ? 'is' : 'are'}: ${alive.map(({ id }) => id).join(', ')}.`,
    });
  });
}
