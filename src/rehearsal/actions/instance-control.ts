import type { Actions, Call } from '../api/action.ts';
import { ApiError } from '../api/api-error.ts';
import type { XmlObject } from '../api/xml.ts';
import { currentState } from '../machines/settle.ts';
import type { InstanceRecord, InstanceState } from '../store/cloud-state.ts';
import { requireInstances } from './instance-listing.ts';
import { stateXml } from './instance-xml.ts';

/**
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_TerminateInstances.html
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RebootInstances.html
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_StopInstances.html
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_GetConsoleOutput.html
 */
export const instanceControlActions: Actions = {
  TerminateInstances: { parameters: ['InstanceId.N', 'DryRun'], handle: terminateInstances },
  RebootInstances: {
    parameters: ['InstanceId.N', 'DryRun'],
    handle: async (call) => {
      const instances = await named(call);
      requireState(instances, ['running'], 'rebooted');
      await call.cloud.host.reboot(instances.map((instance) => instance.id));
      return { return: true };
    },
  },
  StopInstances: { parameters: ['InstanceId.N', 'Force', 'DryRun'], handle: stopInstances },
  StartInstances: { parameters: ['InstanceId.N', 'DryRun'], handle: startInstances },
  GetConsoleOutput: {
    parameters: ['InstanceId', 'Latest', 'DryRun'],
    handle: async (call) => {
      const id = call.parameters.requiredText('InstanceId');
      const [instance] = requireInstances(call, await currentState(call.cloud, call.region), [id]);
      const output = instance?.state === 'terminated' ? '' : await call.cloud.host.console(id);
      return { instanceId: id, timestamp: call.cloud.now(), output: Buffer.from(output).toString('base64') };
    },
  },
};

/**
 * The machines are gone when this answers, but it says `shutting-down`, as AWS does. The record is closed in two
 * steps, so that a process killed in between leaves word of what is to be removed.
 */
async function terminateInstances(call: Call): Promise<XmlObject> {
  const { cloud } = call;
  const before = await named(call);
  const reason = {
    code: 'Client.UserInitiatedShutdown',
    message: 'Client.UserInitiatedShutdown: User initiated shutdown',
  };
  const open = before.filter((instance) => instance.state !== 'terminated').map((instance) => instance.id);
  if (open.length > 0) {
    await changeAll(call, open, (instance) => {
      instance.state = 'shutting-down';
      instance.stateReason = reason;
    });
    await cloud.host.remove(open);
    await changeAll(call, open, (instance) => {
      instance.state = 'terminated';
      instance.terminatedAt = cloud.now().toISOString();
    });
  }
  return transitions(before, (instance) =>
    instance.state === 'terminated' ? 'terminated' : 'shutting-down',
  );
}

async function stopInstances(call: Call): Promise<XmlObject> {
  const instances = await named(call);
  const spot = instances.find((instance) => instance.spot !== undefined);
  if (spot !== undefined) {
    throw new ApiError(
      'UnsupportedOperation',
      `You can't stop the Spot Instance '${spot.id}' because it is associated with a one-time Spot Instance request. You can only stop Spot Instances associated with persistent Spot Instance requests.`,
    );
  }
  requireState(instances, ['running', 'stopping', 'stopped'], 'stopped');
  const ids = instances.filter((instance) => instance.state === 'running').map((instance) => instance.id);
  if (ids.length > 0) {
    await changeAll(call, ids, (instance) => {
      instance.state = 'stopping';
    });
    await call.cloud.host.stop(ids);
  }
  return transitions(instances, (instance) => (instance.state === 'stopped' ? 'stopped' : 'stopping'));
}

async function startInstances(call: Call): Promise<XmlObject> {
  const instances = await named(call);
  requireState(instances, ['running', 'stopped'], 'started');
  const ids = instances.filter((instance) => instance.state === 'stopped').map((instance) => instance.id);
  if (ids.length > 0) {
    await call.cloud.host.resume(ids);
    await changeAll(call, ids, (instance) => {
      instance.state = 'running';
      delete instance.stateReason;
    });
  }
  return transitions(instances, (instance) => (instance.state === 'running' ? 'running' : 'pending'));
}

async function named(call: Call): Promise<readonly InstanceRecord[]> {
  const ids = call.parameters.texts('InstanceId');
  if (ids.length === 0)
    throw new ApiError('MissingParameter', 'The request must contain the parameter InstanceId');
  return requireInstances(call, await currentState(call.cloud, call.region), ids);
}

function requireState(
  instances: readonly InstanceRecord[],
  states: readonly InstanceState[],
  done: string,
): void {
  const wrong = instances.find((instance) => !states.includes(instance.state));
  if (wrong === undefined) return;
  throw new ApiError(
    'IncorrectInstanceState',
    `The instance '${wrong.id}' is not in a state from which it can be ${done}. It is '${wrong.state}'.`,
  );
}

function changeAll(
  call: Call,
  ids: readonly string[],
  change: (instance: InstanceRecord) => void,
): Promise<void> {
  return call.cloud.store.update((state) => {
    for (const id of ids) {
      const instance = state.instances[id];
      if (instance !== undefined) change(instance);
    }
  });
}

function transitions(
  before: readonly InstanceRecord[],
  next: (instance: InstanceRecord) => InstanceState,
): XmlObject {
  return {
    instancesSet: before.map((instance) => ({
      instanceId: instance.id,
      currentState: stateXml(next(instance)),
      previousState: stateXml(instance.state),
    })),
  };
}
