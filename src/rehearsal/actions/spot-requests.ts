import { type Actions, listing } from '../api/action.ts';
import { ApiError } from '../api/api-error.ts';
import { filtered } from '../api/filters.ts';
import { page } from '../api/pages.ts';
import { tagSet } from '../api/tag-specifications.ts';
import type { XmlObject } from '../api/xml.ts';
import { currentState } from '../machines/settle.ts';
import type { CloudState, InstanceRecord } from '../store/cloud-state.ts';

/**
 * A one-time request lives with its machine: active while it is, closed after.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeSpotInstanceRequests.html
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CancelSpotInstanceRequests.html
 */
export const spotRequestActions: Actions = {
  DescribeSpotInstanceRequests: {
    parameters: ['SpotInstanceRequestId.N', ...listing],
    handle: async ({ cloud, region, parameters }) => {
      const state = await currentState(cloud, region);
      const chosen = chooseRequests(requestsOf(state, region), parameters.texts('SpotInstanceRequestId'));
      const shown = filtered(
        parameters,
        chosen,
        {
          'instance-id': ({ instance }) => [instance.id],
          'launch.image-id': ({ instance }) => [instance.imageId],
          'launch.instance-type': ({ instance }) => [instance.type],
          'launched-availability-zone': ({ instance }) => [instance.zone],
          'spot-instance-request-id': ({ id }) => [id],
          state: ({ instance }) => [stateOf(instance)],
          'status-code': ({ instance }) => [statusOf(instance)],
          type: () => ['one-time'],
        },
        ({ id }) => state.tags[id] ?? {},
      );
      const { things, nextToken } = page(parameters, shown, ({ id }) => id);
      return { spotInstanceRequestSet: things.map((request) => requestXml(state, request)), nextToken };
    },
  },
  CancelSpotInstanceRequests: {
    parameters: ['SpotInstanceRequestId.N', 'DryRun'],
    handle: async ({ cloud, region, parameters }) => {
      const ids = parameters.texts('SpotInstanceRequestId');
      if (ids.length === 0) {
        throw new ApiError(
          'MissingParameter',
          'The request must contain the parameter SpotInstanceRequestId',
        );
      }
      const chosen = chooseRequests(requestsOf(await currentState(cloud, region), region), ids);
      // A fulfilled request is cancelled on paper only: its machine goes on.
      return {
        spotInstanceRequestSet: chosen.map(({ id, instance }) => ({
          spotInstanceRequestId: id,
          state: stateOf(instance) === 'active' ? 'cancelled' : 'closed',
        })),
      };
    },
  },
};

interface SpotRequest {
  readonly id: string;
  readonly maxPrice: number;
  readonly instance: InstanceRecord;
}

function requestsOf(state: CloudState, region: string): readonly SpotRequest[] {
  return Object.values(state.instances).flatMap((instance) =>
    instance.region === region && instance.spot !== undefined
      ? [{ id: instance.spot.requestId, maxPrice: instance.spot.maxPrice, instance }]
      : [],
  );
}

function chooseRequests(requests: readonly SpotRequest[], ids: readonly string[]): readonly SpotRequest[] {
  for (const id of ids) {
    if (!/^sir-[0-9a-z]{8}$/.test(id))
      throw new ApiError('InvalidSpotInstanceRequestID.Malformed', `Invalid id: "${id}"`);
    if (!requests.some((request) => request.id === id)) {
      throw new ApiError(
        'InvalidSpotInstanceRequestID.NotFound',
        `The spot instance request ID '${id}' does not exist`,
      );
    }
  }
  return ids.length === 0 ? requests : requests.filter((request) => ids.includes(request.id));
}

function stateOf(instance: InstanceRecord): string {
  return instance.state === 'terminated' || instance.state === 'shutting-down' ? 'closed' : 'active';
}

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/spot-request-status.html */
function statusOf(instance: InstanceRecord): string {
  return stateOf(instance) === 'active' ? 'fulfilled' : 'instance-terminated-by-user';
}

function requestXml(state: CloudState, { id, maxPrice, instance }: SpotRequest): XmlObject {
  return {
    spotInstanceRequestId: id,
    spotPrice: maxPrice.toFixed(6),
    type: 'one-time',
    state: stateOf(instance),
    status: { code: statusOf(instance), updateTime: instance.terminatedAt ?? instance.launchedAt },
    launchSpecification: {
      imageId: instance.imageId,
      instanceType: instance.type,
      keyName: instance.keyName,
    },
    instanceId: instance.id,
    createTime: instance.launchedAt,
    productDescription: 'Linux/UNIX',
    launchedAvailabilityZone: instance.zone,
    instanceInterruptionBehavior: 'terminate',
    tagSet: tagSet(state.tags[id]),
  };
}
