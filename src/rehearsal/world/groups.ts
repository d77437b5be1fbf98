import { ApiError } from '../api/api-error.ts';
import type { CloudState, GroupRule, SecurityGroup } from '../store/cloud-state.ts';
import { defaultGroupId, defaultVpc } from './network.ts';

const everywhere: GroupRule = {
  protocol: '-1',
  fromPort: undefined,
  toPort: undefined,
  source: { kind: 'ipv4', value: '0.0.0.0/0' },
  description: undefined,
};

/** What a group lets out unless its rules are changed: everything. */
export const defaultEgress: readonly GroupRule[] = [everywhere];

/** The security groups of a region; the default one exists without having been made. */
export function groupsOf(state: CloudState, region: string): readonly SecurityGroup[] {
  const made = Object.values(state.groups).filter((group) => group.region === region);
  const id = defaultGroupId(region);
  if (made.some((group) => group.id === id)) return made;
  return [
    {
      id,
      region,
      name: 'default',
      description: 'default VPC security group',
      ingress: [{ ...everywhere, source: { kind: 'group', value: id } }],
      egress: defaultEgress,
    },
    ...made,
  ];
}

/** The group of an id. Errors: InvalidGroupId.Malformed, InvalidGroup.NotFound. */
export function findGroup(state: CloudState, region: string, id: string): SecurityGroup {
  if (!/^sg-[0-9a-f]{8,17}$/.test(id)) {
    throw new ApiError('InvalidGroupId.Malformed', `Invalid id: "${id}" (expecting "sg-...")`);
  }
  const group = groupsOf(state, region).find((each) => each.id === id);
  if (group === undefined)
    throw new ApiError('InvalidGroup.NotFound', `The security group '${id}' does not exist`);
  return group;
}

/** The group of a name in the default VPC. Errors: InvalidGroup.NotFound. */
export function findGroupByName(state: CloudState, region: string, name: string): SecurityGroup {
  const group = groupsOf(state, region).find((each) => each.name === name);
  if (group !== undefined) return group;
  throw new ApiError(
    'InvalidGroup.NotFound',
    `The security group '${name}' does not exist in default VPC '${defaultVpc(region).id}'`,
  );
}

/** A range wider than this is not published: every port costs a proxy process of the engine. */
const widestRange = 32;

/**
 * The TCP ports of a machine in these groups that are published on this computer: those that the rules open to
 * addresses. Rules for other groups, for all protocols, and for wide ranges publish nothing.
 */
export function publishedPorts(groups: readonly SecurityGroup[]): readonly number[] {
  const ports = new Set<number>();
  for (const { protocol, fromPort, toPort, source } of groups.flatMap((group) => group.ingress)) {
    const open = protocol === 'tcp' && (source.kind === 'ipv4' || source.kind === 'ipv6');
    if (!open || fromPort === undefined || toPort === undefined || toPort - fromPort >= widestRange) continue;
    for (let port = fromPort; port <= toPort; port++) ports.add(port);
  }
  return [...ports].sort((one, other) => one - other);
}
