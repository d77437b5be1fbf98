import type { InstanceRecord } from '../store/cloud-state.ts';
import type { MachineSight } from './machine-host.ts';

/** What has become of a machine since its record was written. */
export type Change = Partial<
  Pick<InstanceRecord, 'state' | 'privateAddress' | 'macAddress' | 'stateReason' | 'terminatedAt'>
>;

/**
 * The rules by which a record follows its machine; undefined when nothing changes. `underLaunch`: somebody is still
 * at its launch.
 */
export function changeOf(
  instance: InstanceRecord,
  sight: MachineSight | undefined,
  underLaunch: boolean,
  now: Date,
): Change | undefined {
  const terminatedAt = now.toISOString();
  const end = (code: string, message: string): Change => ({
    state: 'terminated',
    stateReason: { code, message: `${code}: ${message}` },
    terminatedAt,
  });
  switch (instance.state) {
    case 'terminated':
      return undefined;
    case 'shutting-down':
      return sight === undefined ? { state: 'terminated', terminatedAt } : undefined;
    case 'stopping':
    case 'stopped':
      if (sight === undefined) return end('Server.InternalError', 'The container is gone');
      return sight.status === 'ended' && instance.state === 'stopping' ? { state: 'stopped' } : undefined;
    case 'pending':
      if (sight?.status === 'running') return seen(sight);
      return underLaunch ? undefined : end('Server.InternalError', 'The launch was cut off');
    case 'running':
      if (sight === undefined) return end('Server.InternalError', 'The container is gone');
      if (sight.status === 'ended') {
        return afterShutdown(
          instance,
          end('Client.InstanceInitiatedShutdown', 'Instance initiated shutdown'),
        );
      }
      // A machine that is just rebooting has no address for a moment.
      return sight.address === undefined || sight.address === instance.privateAddress
        ? undefined
        : seen(sight);
  }
}

function seen(sight: MachineSight): Change {
  return { state: 'running', privateAddress: sight.address, macAddress: sight.macAddress };
}

/** A machine that switched itself off: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/terminating-instances.html */
function afterShutdown(instance: InstanceRecord, ended: Change): Change {
  return instance.shutdownBehavior === 'terminate'
    ? ended
    : { ...ended, state: 'stopped', terminatedAt: undefined };
}
