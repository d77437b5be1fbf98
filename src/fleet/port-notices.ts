import type { Emit } from './events.ts';
import type { Fleet } from './fleet.ts';
import type { MachineRow } from './report.ts';

/** A port that a script of this run was found listening on. */
export interface ServedPort {
  readonly port: number;
  /** What a person calls the script. */
  readonly title: string;
}

/**
 * Watches which ports scripts are found to serve.
 * @returns the fleet to work with, and what tells about ports once the machines are ready
 */
export function watchPorts(fleet: Fleet): {
  readonly fleet: Fleet;
  readonly tell: (machines: readonly MachineRow[]) => void;
} {
  const served: ServedPort[] = [];
  const emit: Emit = (event) => {
    if (event.type === 'step' && event.port !== undefined) {
      served.push({ port: event.port, title: event.title });
    }
    fleet.emit(event);
  };
  return {
    fleet: { ...fleet, emit },
    tell: (machines) => {
      for (const text of portNotices(machines, fleet.settings.ports, served)) {
        fleet.emit({ type: 'notice', text });
      }
    },
  };
}

/**
 * What to say about ports where nobody can reach what runs: those that a script serves although no one asked for
 * them, and those that were asked for after their machine was launched, in a cloud that opens ports only then.
 * @param ports as the settings ask for them
 */
export function portNotices(
  machines: readonly MachineRow[],
  ports: readonly number[],
  served: readonly ServedPort[],
): readonly string[] {
  const closed = new Map(served.filter(({ port }) => !ports.includes(port)).map((one) => [one.port, one]));
  const notices = [...closed.values()].map(({ port, title }) => {
    const all = [...ports, port].join(', ');
    return `${title} listens on port ${port}, which is not open: \`ports: [${all}]\` in .spot/config.yaml opens it.`;
  });
  for (const port of ports) {
    const without = machines.filter(
      ({ phase, endpoints }) => phase === 'ready' && endpoints[port] === undefined,
    );
    if (without.length === 0) continue;
    const ids = without.map(({ id }) => id).join(', ');
    notices.push(
      `Port ${port} cannot be reached on ${ids}, launched before it was asked for: \`spot destroy MACHINE\`, then \`spot create\` launches another.`,
    );
  }
  return notices;
}
