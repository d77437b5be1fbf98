import { ownIdentity } from '../../state/process-identity.ts';
import type { Actions, Call } from '../api/action.ts';
import { ApiError } from '../api/api-error.ts';
import { remember, repeated } from '../api/client-token.ts';
import type { XmlObject } from '../api/xml.ts';
import { startMachines } from '../launch/launch-machines.ts';
import { checkPrice, resolveOrder } from '../launch/launch-order.ts';
import { launchParameters, readLaunchRequest } from '../launch/launch-request.ts';
import { findTemplateData } from '../launch/launch-template.ts';
import { reserve } from '../launch/reserve.ts';
import type { MachineLaunch } from '../machines/machine-host.ts';
import { currentState } from '../machines/settle.ts';
import { emptyState, type InstanceRecord } from '../store/cloud-state.ts';
import { reservationXml } from './instance-xml.ts';

const mostInstances = 1000;

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RunInstances.html */
export const instanceLaunchActions: Actions = {
  RunInstances: {
    parameters: [
      ...launchParameters,
      'MinCount',
      'MaxCount',
      'SubnetId',
      'ClientToken',
      'DryRun',
      'LaunchTemplate.LaunchTemplateId',
      'LaunchTemplate.LaunchTemplateName',
      'LaunchTemplate.Version',
    ],
    handle: runInstances,
  },
};

async function runInstances(call: Call): Promise<XmlObject> {
  const { cloud, region, parameters } = call;
  const least = parameters.requiredInteger('MinCount', 1, mostInstances);
  const most = parameters.requiredInteger('MaxCount', 1, mostInstances);
  if (least > most) {
    throw new ApiError(
      'InvalidParameterCombination',
      `The minimum count (${least}) is more than the maximum count (${most}).`,
    );
  }
  const launcher = ownIdentity();
  const now = cloud.now();
  const launches = await cloud.store.update(async (state): Promise<readonly MachineLaunch[] | undefined> => {
    if (repeated(state, call) !== undefined) return undefined;
    const template = findTemplateData(state, region, parameters.group('LaunchTemplate'));
    const request = readLaunchRequest(template, parameters);
    const order = resolveOrder(state, region, request, most);
    checkPrice(order, cloud.market, now);
    const pool = { type: order.type.name, zone: order.subnet.zone };
    const room = cloud.market.room(pool, runningIn(Object.values(state.instances), pool), now);
    if (room < least) throw insufficientCapacity(pool);
    const clientToken = parameters.text('ClientToken');
    const reserved = await reserve(
      state,
      { ...order, count: Math.min(most, room) },
      { clientToken, fleetId: undefined, launcher, now },
    );
    remember(
      state,
      call,
      reserved.map(({ instance }) => instance.id),
    );
    return reserved;
  });
  if (launches === undefined) return repeatedAnswer(call);
  await startMachines(cloud, launches);
  const state = (await cloud.store.read()) ?? emptyState();
  // AWS answers with the machines as they are at first.
  const instances = launches.map(({ instance }) => instance);
  return reservationXml(state, instances[0]?.reservationId ?? '', instances);
}

async function repeatedAnswer(call: Call): Promise<XmlObject> {
  const state = await currentState(call.cloud, call.region);
  const instances = (repeated(state, call) ?? []).flatMap((id) => state.instances[id] ?? []);
  return reservationXml(state, instances[0]?.reservationId ?? '', instances);
}

/** How many machines of a pool there are. */
export function runningIn(
  instances: readonly InstanceRecord[],
  pool: { readonly type: string; readonly zone: string },
): number {
  return instances.filter(
    (instance) =>
      instance.type === pool.type && instance.zone === pool.zone && instance.state !== 'terminated',
  ).length;
}

/** AWS answers this one with HTTP 500. */
function insufficientCapacity(pool: { readonly type: string; readonly zone: string }): ApiError {
  return new ApiError(
    'InsufficientInstanceCapacity',
    `We currently do not have sufficient ${pool.type} capacity in the Availability Zone you requested (${pool.zone}).`,
    500,
  );
}
