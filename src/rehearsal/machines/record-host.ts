import type { MachineHost, MachineSight } from './machine-host.ts';

const running: MachineSight = { status: 'running', address: '172.31.0.10', macAddress: '02:00:00:00:00:01' };
const ended: MachineSight = { status: 'ended', address: undefined, macAddress: undefined };

/**
 * Machines that exist on paper only: they run as soon as they are launched and until they are removed. For
 * trying the API itself, and thousands of machines, without Docker.
 */
export function recordHost(): MachineHost {
  const stopped = new Set<string>();
  const removed = new Set<string>();
  const nothing = async () => {};
  return {
    start: async () => 'started',
    starting: async () => new Set(),
    look: async (ids) =>
      new Map(ids.filter((id) => !removed.has(id)).map((id) => [id, stopped.has(id) ? ended : running])),
    remove: async (ids) => {
      for (const id of ids) removed.add(id);
    },
    reboot: nothing,
    stop: async (ids) => {
      for (const id of ids) stopped.add(id);
    },
    resume: async (ids) => {
      for (const id of ids) stopped.delete(id);
    },
    console: async () => '',
    found: async () => [],
  };
}
