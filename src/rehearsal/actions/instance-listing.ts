import { type Actions, type Call, listing } from '../api/action.ts';
import { ApiError } from '../api/api-error.ts';
import { type FilterAttributes, filtered } from '../api/filters.ts';
import { page } from '../api/pages.ts';
import type { XmlObject } from '../api/xml.ts';
import { currentState } from '../machines/settle.ts';
import type { CloudState, InstanceRecord } from '../store/cloud-state.ts';
import { groupsOf } from '../world/groups.ts';
import { findImage } from '../world/images.ts';
import { accountId, defaultVpc } from '../world/network.ts';
import { allTags, reservationXml, stateXml } from './instance-xml.ts';

/**
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstances.html
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstanceStatus.html
 */
export const instanceListingActions: Actions = {
  DescribeInstances: {
    parameters: ['InstanceId.N', ...listing],
    handle: async (call) => {
      const state = await currentState(call.cloud, call.region);
      const { things, nextToken } = page(
        call.parameters,
        selectInstances(call, state),
        (instance) => instance.id,
      );
      const reservations = new Set(things.map((instance) => instance.reservationId));
      return {
        reservationSet: [...reservations].map((id) =>
          reservationXml(
            state,
            id,
            things.filter((instance) => instance.reservationId === id),
          ),
        ),
        nextToken,
      };
    },
  },
  DescribeInstanceStatus: {
    parameters: ['InstanceId.N', 'IncludeAllInstances', ...listing],
    handle: async (call) => {
      const state = await currentState(call.cloud, call.region);
      const all = call.parameters.flag('IncludeAllInstances') ?? false;
      const instances = selectInstances(call, state).filter(
        (instance) => all || instance.state === 'running',
      );
      const { things, nextToken } = page(call.parameters, instances, (instance) => instance.id);
      return { instanceStatusSet: things.map(statusXml), nextToken };
    },
  },
};

/** The machines of the region that the request names or that pass its filters, as far as they are visible yet. */
function selectInstances(call: Call, state: CloudState): readonly InstanceRecord[] {
  const { parameters } = call;
  const ids = parameters.texts('InstanceId');
  if (ids.length > 0 && parameters.text('MaxResults') !== undefined) {
    throw new ApiError(
      'InvalidParameterCombination',
      'The parameter instancesSet cannot be used with the parameter maxResults',
    );
  }
  const chosen = ids.length > 0 ? requireInstances(call, state, ids) : visibleInstances(call, state);
  return filtered(parameters, chosen, attributesIn(state), (instance) => allTags(state, instance));
}

/** The machines of the region that were launched long enough ago to be shown. */
export function visibleInstances({ cloud, region }: Call, state: CloudState): readonly InstanceRecord[] {
  const latest = cloud.now().getTime() - cloud.visibleAfterMs;
  return Object.values(state.instances).filter(
    (instance) => instance.region === region && Date.parse(instance.launchedAt) <= latest,
  );
}

/** Errors: InvalidInstanceID.Malformed and, for those not there or not visible yet, InvalidInstanceID.NotFound. */
export function requireInstances(
  call: Call,
  state: CloudState,
  ids: readonly string[],
): readonly InstanceRecord[] {
  for (const id of ids) {
    if (!/^i-[0-9a-f]{8,17}$/.test(id))
      throw new ApiError('InvalidInstanceID.Malformed', `Invalid id: "${id}"`);
  }
  const visible = visibleInstances(call, state);
  const missing = [...new Set(ids)].filter((id) => !visible.some((instance) => instance.id === id));
  if (missing.length === 1) {
    throw new ApiError('InvalidInstanceID.NotFound', `The instance ID '${missing[0]}' does not exist`);
  }
  if (missing.length > 1) {
    throw new ApiError('InvalidInstanceID.NotFound', `The instance IDs '${missing.join(', ')}' do not exist`);
  }
  return visible.filter((instance) => ids.includes(instance.id));
}

function attributesIn(state: CloudState): FilterAttributes<InstanceRecord> {
  const groupNames = (instance: InstanceRecord) =>
    groupsOf(state, instance.region)
      .filter((group) => instance.groupIds.includes(group.id))
      .map((group) => group.name);
  return {
    architecture: (instance) => [findImage(instance.region, instance.imageId)?.architecture],
    'availability-zone': (instance) => [instance.zone],
    'client-token': (instance) => [instance.clientToken],
    'image-id': (instance) => [instance.imageId],
    'instance-id': (instance) => [instance.id],
    'instance-lifecycle': (instance) => [instance.spot === undefined ? undefined : 'spot'],
    'instance-state-code': (instance) => [String(stateXml(instance.state).code)],
    'instance-state-name': (instance) => [instance.state],
    'instance-type': (instance) => [instance.type],
    'instance.group-id': (instance) => instance.groupIds,
    'instance.group-name': groupNames,
    'ip-address': (instance) => [instance.state === 'terminated' ? undefined : '127.0.0.1'],
    'key-name': (instance) => [instance.keyName],
    'launch-time': (instance) => [instance.launchedAt],
    'network-interface.network-interface-id': (instance) => [instance.networkInterfaceId],
    'owner-id': () => [accountId],
    'private-ip-address': (instance) => [instance.privateAddress],
    'reservation-id': (instance) => [instance.reservationId],
    'root-device-type': () => ['ebs'],
    'spot-instance-request-id': (instance) => [instance.spot?.requestId],
    'state-reason-code': (instance) => [instance.stateReason?.code],
    'subnet-id': (instance) => [instance.subnetId],
    'vpc-id': (instance) => [defaultVpc(instance.region).id],
  };
}

function statusXml(instance: InstanceRecord): XmlObject {
  const running = instance.state === 'running';
  const summary = running
    ? { status: 'ok', details: [{ name: 'reachability', status: 'passed' }] }
    : { status: 'not-applicable' };
  return {
    instanceId: instance.id,
    availabilityZone: instance.zone,
    instanceState: stateXml(instance.state),
    systemStatus: summary,
    instanceStatus: summary,
  };
}
