import {
  type EC2Client,
  paginateDescribeNetworkInterfaces,
  paginateDescribeSpotInstanceRequests,
  paginateDescribeTags,
  paginateDescribeVolumes,
  type TagDescription,
} from '@aws-sdk/client-ec2';
import { cloudCall } from './aws-error.ts';
import { batches } from './batches.ts';
import type { Clients } from './clients.ts';
import { describeById, mostFilterValues } from './machines.ts';
import { tagKeys } from './tags.ts';

/** Something that carries the deployment's tag; `state` is undefined for what exists or does not. */
interface Leftover {
  readonly type: string;
  readonly id: string;
  readonly state?: string | undefined;
}

/**
 * Everything that may be left of a deployment in a region, asked by tag: whatever it is and whoever made it. What has
 * ended, and what ends with a machine, is not among it, although EC2 goes on showing its tags for a while.
 * @returns a line each, such as `volume vol-0123 in us-west-2 (available)`; none when nothing is left
 */
export async function leftovers(clients: Clients, region: string, deployment: string): Promise<string[]> {
  const tagged = await taggedResources(clients, region, deployment);
  const idsOf = (type: string) =>
    tagged.filter(({ ResourceType }) => ResourceType === type).map(({ ResourceId }) => ResourceId ?? '');
  const machineIds = idsOf('instance');
  const client = clients.ec2(region);
  const found = await cloudCall(`Asking what is left in ${region}`, () =>
    Promise.all([
      machines(clients, region, machineIds),
      volumes(client, idsOf('volume'), machineIds),
      networkInterfaces(client, idsOf('network-interface'), machineIds),
      spotRequests(client, idsOf('spot-instances-request'), machineIds),
    ]),
  );
  const others = tagged
    .filter(({ ResourceType }) => !withState.includes(ResourceType ?? ''))
    .map(({ ResourceType, ResourceId }): Leftover => ({ type: ResourceType ?? '', id: ResourceId ?? '' }));
  return [...found.flat(), ...others].map(
    ({ type, id, state }) =>
      `${type.replaceAll('-', ' ')} ${id} in ${region}${state === undefined ? '' : ` (${state})`}`,
  );
}

/** Types whose tags outlive them: for these the state decides. An instant fleet is only a record of its launch. */
const withState: readonly string[] = [
  'instance',
  'volume',
  'network-interface',
  'spot-instances-request',
  'fleet',
];

async function taggedResources(
  clients: Clients,
  region: string,
  deployment: string,
): Promise<readonly TagDescription[]> {
  const filters = [
    { Name: 'key', Values: [tagKeys.deployment] },
    // A deployment's name has none of the characters that mean something in a filter; see deployment-name.ts.
    { Name: 'value', Values: [deployment] },
  ];
  return cloudCall(`DescribeTags in ${region}`, async () => {
    const tags: TagDescription[] = [];
    const pages = paginateDescribeTags({ client: clients.ec2(region), pageSize: 1000 }, { Filters: filters });
    for await (const { Tags } of pages) tags.push(...(Tags ?? []));
    return tags;
  });
}

async function machines(clients: Clients, region: string, ids: readonly string[]): Promise<Leftover[]> {
  const known = await describeById(clients, region, ids);
  return known
    .filter(({ state }) => state !== 'terminated')
    .map(({ id, state }) => ({ type: 'machine', id, state }));
}

/** In use by a machine of the deployment, it is that machine's: it goes with it. */
async function volumes(client: EC2Client, ids: string[], machineIds: string[]): Promise<Leftover[]> {
  const left: Leftover[] = [];
  for (const values of batches(ids, mostFilterValues)) {
    const filters = [{ Name: 'volume-id', Values: values }];
    for await (const { Volumes } of paginateDescribeVolumes({ client }, { Filters: filters })) {
      for (const { VolumeId: id = '', State: state, Attachments } of Volumes ?? []) {
        const isOfMachine = Attachments?.some(({ InstanceId }) => machineIds.includes(InstanceId ?? ''));
        if (!isOfMachine && state !== 'deleting' && state !== 'deleted')
          left.push({ type: 'volume', id, state });
      }
    }
  }
  return left;
}

async function networkInterfaces(
  client: EC2Client,
  ids: string[],
  machineIds: string[],
): Promise<Leftover[]> {
  const left: Leftover[] = [];
  for (const values of batches(ids, mostFilterValues)) {
    const filters = [{ Name: 'network-interface-id', Values: values }];
    for await (const page of paginateDescribeNetworkInterfaces({ client }, { Filters: filters })) {
      for (const { NetworkInterfaceId: id = '', Status: state, Attachment } of page.NetworkInterfaces ?? []) {
        if (!machineIds.includes(Attachment?.InstanceId ?? ''))
          left.push({ type: 'network-interface', id, state });
      }
    }
  }
  return left;
}

async function spotRequests(client: EC2Client, ids: string[], machineIds: string[]): Promise<Leftover[]> {
  const left: Leftover[] = [];
  for (const values of batches(ids, mostFilterValues)) {
    const filters = [{ Name: 'spot-instance-request-id', Values: values }];
    for await (const page of paginateDescribeSpotInstanceRequests({ client }, { Filters: filters })) {
      for (const request of page.SpotInstanceRequests ?? []) {
        const { SpotInstanceRequestId: id = '', State: state = '', InstanceId = '' } = request;
        const isOpen = ['open', 'active', 'disabled'].includes(state);
        if (isOpen && !machineIds.includes(InstanceId))
          left.push({ type: 'spot-instances-request', id, state });
      }
    }
  }
  return left;
}
