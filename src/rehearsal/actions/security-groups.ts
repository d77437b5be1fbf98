import { type Actions, type Call, listing, tagging } from '../api/action.ts';
import { ApiError } from '../api/api-error.ts';
import { filtered } from '../api/filters.ts';
import { page } from '../api/pages.ts';
import { tagSet, tagsFor } from '../api/tag-specifications.ts';
import type { XmlObject } from '../api/xml.ts';
import { emptyState, type SecurityGroup } from '../store/cloud-state.ts';
import { defaultEgress, findGroup, findGroupByName, groupsOf } from '../world/groups.ts';
import { freshId } from '../world/identifiers.ts';
import { accountId, defaultVpc } from '../world/network.ts';
import { permissionsXml } from './group-rules.ts';
import { namedGroup } from './security-group-rules.ts';

/**
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeSecurityGroups.html
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteSecurityGroup.html
 */
export const securityGroupActions: Actions = {
  CreateSecurityGroup: {
    parameters: ['GroupName', 'GroupDescription', 'VpcId', 'DryRun', ...tagging],
    handle: createGroup,
  },
  DescribeSecurityGroups: { parameters: ['GroupId.N', 'GroupName.N', ...listing], handle: describeGroups },
  DeleteSecurityGroup: { parameters: ['GroupId', 'GroupName', 'DryRun'], handle: deleteGroup },
};

function createGroup({ cloud, region, parameters }: Call): Promise<XmlObject> {
  const name = parameters.requiredText('GroupName');
  const description = parameters.requiredText('GroupDescription');
  const vpc = defaultVpc(region).id;
  const asked = parameters.text('VpcId') ?? vpc;
  if (asked !== vpc) throw new ApiError('InvalidVpcID.NotFound', `The vpc ID '${asked}' does not exist`);
  for (const [field, text] of Object.entries({ GroupName: name, GroupDescription: description })) {
    if (text.length > 255 || !/^[a-zA-Z0-9 ._\-:/()#,@[\]+=&;{}!$*]+$/.test(text)) {
      throw new ApiError(
        'InvalidParameterValue',
        `Value (${text}) for parameter ${field} is invalid. Character sets beyond ASCII are not supported.`,
      );
    }
  }
  if (name.startsWith('sg-')) {
    throw new ApiError(
      'InvalidParameterValue',
      `Value (${name}) for parameter GroupName is invalid. Group names may not be in the format sg-*.`,
    );
  }
  const tags = tagsFor(parameters, 'security-group', ['security-group']);
  return cloud.store.update((state) => {
    if (groupsOf(state, region).some((group) => group.name === name)) {
      throw new ApiError(
        'InvalidGroup.Duplicate',
        `The security group '${name}' already exists for VPC '${vpc}'`,
      );
    }
    const id = freshId('sg');
    state.groups[id] = { id, region, name, description, ingress: [], egress: defaultEgress };
    if (Object.keys(tags).length > 0) state.tags[id] = { ...tags };
    return { return: true, groupId: id, tagSet: tagSet(tags) };
  });
}

async function describeGroups({ cloud, region, parameters }: Call): Promise<XmlObject> {
  const state = (await cloud.store.read()) ?? emptyState();
  const ids = parameters.texts('GroupId');
  const names = parameters.texts('GroupName');
  for (const id of ids) findGroup(state, region, id);
  for (const name of names) findGroupByName(state, region, name);
  const chosen = groupsOf(state, region).filter(
    (group) =>
      (ids.length === 0 || ids.includes(group.id)) && (names.length === 0 || names.includes(group.name)),
  );
  const shown = filtered(
    parameters,
    chosen,
    {
      description: (group) => [group.description],
      'group-id': (group) => [group.id],
      'group-name': (group) => [group.name],
      'ip-permission.cidr': (group) => cidrs(group),
      'ip-permission.from-port': (group) => group.ingress.map((rule) => rule.fromPort?.toString()),
      'ip-permission.to-port': (group) => group.ingress.map((rule) => rule.toPort?.toString()),
      'ip-permission.protocol': (group) => group.ingress.map((rule) => rule.protocol),
      'owner-id': () => [accountId],
      'vpc-id': () => [defaultVpc(region).id],
    },
    (group) => state.tags[group.id] ?? {},
  );
  const { things, nextToken } = page(parameters, shown, (group) => group.id);
  return {
    securityGroupInfo: things.map((group) => ({
      ownerId: accountId,
      groupId: group.id,
      groupName: group.name,
      groupDescription: group.description,
      vpcId: defaultVpc(region).id,
      ipPermissions: permissionsXml(group.ingress),
      ipPermissionsEgress: permissionsXml(group.egress),
      tagSet: tagSet(state.tags[group.id]),
    })),
    nextToken,
  };
}

function deleteGroup(call: Call): Promise<XmlObject> {
  return call.cloud.store.update((state) => {
    const { id, name } = namedGroup(state, call);
    if (name === 'default') {
      throw new ApiError(
        'CannotDelete',
        `the specified group: "${id}" name: "default" cannot be deleted by a user`,
      );
    }
    const usedByMachine = Object.values(state.instances).some(
      (instance) => instance.groupIds.includes(id) && instance.state !== 'terminated',
    );
    const usedByRule = Object.values(state.groups).some(
      (group) =>
        group.id !== id && [...group.ingress, ...group.egress].some(({ source }) => source.value === id),
    );
    if (usedByMachine || usedByRule) {
      throw new ApiError('DependencyViolation', `resource ${id} has a dependent object`);
    }
    delete state.groups[id];
    delete state.tags[id];
    return { return: true, groupId: id };
  });
}

function cidrs(group: SecurityGroup): readonly string[] {
  return group.ingress.flatMap(({ source }) => (source.kind === 'ipv4' ? [source.value] : []));
}
