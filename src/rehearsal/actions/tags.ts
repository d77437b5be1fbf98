import { type Actions, type Call, listing } from '../api/action.ts';
import { ApiError } from '../api/api-error.ts';
import { filtered } from '../api/filters.ts';
import { page } from '../api/pages.ts';
import { readTags, withinLimit } from '../api/tag-specifications.ts';
import type { XmlObject } from '../api/xml.ts';
import { type CloudState, emptyState } from '../store/cloud-state.ts';
import { groupsOf } from '../world/groups.ts';
import { imagesOf } from '../world/images.ts';
import { defaultSubnets, defaultVpc } from '../world/network.ts';

/**
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateTags.html
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteTags.html
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeTags.html
 */
export const tagActions: Actions = {
  CreateTags: {
    parameters: ['ResourceId.N', 'Tag.N.Key', 'Tag.N.Value', 'DryRun'],
    handle: (call) => {
      const tags = readTags(call.parameters);
      if (tags.length === 0)
        throw new ApiError('MissingParameter', 'The request must contain the parameter Tag');
      return changeTags(call, (own) => ({ ...own, ...Object.fromEntries(tags) }));
    },
  },
  DeleteTags: {
    parameters: ['ResourceId.N', 'Tag.N.Key', 'Tag.N.Value', 'DryRun'],
    handle: (call) => {
      const wanted = call.parameters
        .groups('Tag')
        .map((tag) => ({ key: tag.requiredText('Key'), value: tag.text('Value') }));
      // Without a value the tag goes whatever its value; without any tag all go.
      const goes = (key: string, value: string) =>
        wanted.length === 0 || wanted.some((tag) => tag.key === key && (tag.value ?? value) === value);
      return changeTags(call, (own) =>
        Object.fromEntries(Object.entries(own).filter(([key, value]) => !goes(key, value))),
      );
    },
  },
  DescribeTags: { parameters: listing, handle: describeTags },
};

function changeTags(
  { cloud, region, parameters }: Call,
  change: (own: Readonly<Record<string, string>>) => Record<string, string>,
): Promise<XmlObject> {
  const ids = parameters.texts('ResourceId');
  if (ids.length === 0)
    throw new ApiError('MissingParameter', 'The request must contain the parameter ResourceId');
  return cloud.store.update((state) => {
    const types = resourceTypes(state, region);
    for (const id of ids) {
      if (!types.has(id)) throw notFound(id);
    }
    for (const id of ids) state.tags[id] = { ...withinLimit(change(state.tags[id] ?? {})) };
    return { return: true };
  });
}

async function describeTags({ cloud, region, parameters }: Call): Promise<XmlObject> {
  const state = (await cloud.store.read()) ?? emptyState();
  const rows = [...resourceTypes(state, region)].flatMap(([id, type]) =>
    Object.entries(state.tags[id] ?? {}).map(([key, value]) => ({ id, type, key, value })),
  );
  const shown = filtered(
    parameters,
    rows,
    {
      key: (row) => [row.key],
      'resource-id': (row) => [row.id],
      'resource-type': (row) => [row.type],
      value: (row) => [row.value],
    },
    (row) => ({ [row.key]: row.value }),
  );
  const { things, nextToken } = page(parameters, shown, (row) => `${row.id} ${row.key}`);
  return {
    tagSet: things.map(({ id, type, key, value }) => ({ resourceId: id, resourceType: type, key, value })),
    nextToken,
  };
}

/** Everything in a region that can have tags, with its type. */
function resourceTypes(state: CloudState, region: string): ReadonlyMap<string, string> {
  const types = new Map<string, string>();
  for (const instance of Object.values(state.instances)) {
    if (instance.region !== region) continue;
    types.set(instance.id, 'instance');
    types.set(instance.volumeId, 'volume');
    types.set(instance.networkInterfaceId, 'network-interface');
    if (instance.spot !== undefined) types.set(instance.spot.requestId, 'spot-instances-request');
  }
  const inRegion = <Thing extends { id: string; region: string }>(things: Record<string, Thing>) =>
    Object.values(things).filter((thing) => thing.region === region);
  for (const { id } of groupsOf(state, region)) types.set(id, 'security-group');
  for (const { id } of inRegion(state.keyPairs)) types.set(id, 'key-pair');
  for (const { id } of inRegion(state.launchTemplates)) types.set(id, 'launch-template');
  for (const { id } of inRegion(state.fleets)) types.set(id, 'fleet');
  for (const { id } of imagesOf(region)) types.set(id, 'image');
  for (const { id } of defaultSubnets(region)) types.set(id, 'subnet');
  types.set(defaultVpc(region).id, 'vpc');
  return types;
}

/** Each type of resource has a code of its own for an id that is not there. */
function notFound(id: string): ApiError {
  const codes: Readonly<Record<string, string>> = {
    i: 'InvalidInstanceID.NotFound',
    vol: 'InvalidVolume.NotFound',
    eni: 'InvalidNetworkInterfaceID.NotFound',
    sg: 'InvalidGroup.NotFound',
    key: 'InvalidKeyPair.NotFound',
    lt: 'InvalidLaunchTemplateId.NotFound',
    ami: 'InvalidAMIID.NotFound',
    subnet: 'InvalidSubnetID.NotFound',
    vpc: 'InvalidVpcID.NotFound',
    sir: 'InvalidSpotInstanceRequestID.NotFound',
  };
  return new ApiError(codes[id.split('-')[0] ?? ''] ?? 'InvalidID', `The ID '${id}' is not valid`);
}
