import { isIPv4, isIPv6 } from 'node:net';
import { canonicalCidr } from '../../cloud/cidr.ts';
import { ApiError } from '../api/api-error.ts';
import type { Parameters } from '../api/parameters.ts';
import type { XmlObject } from '../api/xml.ts';
import type { GroupRule } from '../store/cloud-state.ts';
import { stableId } from '../world/identifiers.ts';
import { accountId } from '../world/network.ts';

const protocols: Readonly<Record<string, string>> = { '6': 'tcp', '17': 'udp', '1': 'icmp', all: '-1' };
const known = ['tcp', 'udp', 'icmp', 'icmpv6', '-1'];

/** The parameters of `IpPermissions` and, for one rule, those beside it. */
export const ruleParameters = [
  'IpPermissions.N.IpProtocol',
  'IpPermissions.N.FromPort',
  'IpPermissions.N.ToPort',
  'IpPermissions.N.IpRanges.N.CidrIp',
  'IpPermissions.N.IpRanges.N.Description',
  'IpPermissions.N.Ipv6Ranges.N.CidrIpv6',
  'IpPermissions.N.Ipv6Ranges.N.Description',
  'IpPermissions.N.Groups.N.GroupId',
  'IpPermissions.N.Groups.N.UserId',
  'IpPermissions.N.Groups.N.Description',
  'IpProtocol',
  'FromPort',
  'ToPort',
  'CidrIp',
] as const;

/**
 * The rules of a request, one for each source.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html
 */
export function readRules(parameters: Parameters): readonly GroupRule[] {
  const rules = parameters.groups('IpPermissions').flatMap((permission) => {
    const ranges = portRange(permission);
    const sources = [
      ...permission.groups('IpRanges').map((range) => source('ipv4', range, 'CidrIp')),
      ...permission.groups('Ipv6Ranges').map((range) => source('ipv6', range, 'CidrIpv6')),
      ...permission.groups('Groups').map((group) => source('group', group, 'GroupId')),
    ];
    return sources.map((each) => ({ ...ranges, ...each }));
  });
  if (parameters.text('CidrIp') !== undefined) {
    rules.push({ ...portRange(parameters), ...source('ipv4', parameters, 'CidrIp') });
  }
  if (rules.length === 0)
    throw new ApiError('MissingParameter', 'The request must contain the parameter IpPermissions');
  return rules;
}

function portRange(permission: Parameters): Pick<GroupRule, 'protocol' | 'fromPort' | 'toPort'> {
  const name = permission.requiredText('IpProtocol').toLowerCase();
  const protocol = protocols[name] ?? name;
  if (!known.includes(protocol)) {
    throw new ApiError('InvalidPermission.Malformed', `Unsupported IP protocol "${name}"`);
  }
  if (protocol === '-1') return { protocol, fromPort: undefined, toPort: undefined };
  if (protocol !== 'tcp' && protocol !== 'udp') {
    return {
      protocol,
      fromPort: permission.integer('FromPort', -1, 255),
      toPort: permission.integer('ToPort', -1, 255),
    };
  }
  const fromPort = permission.requiredInteger('FromPort', 0, 65_535);
  const toPort = permission.requiredInteger('ToPort', 0, 65_535);
  if (fromPort > toPort) {
    throw new ApiError('InvalidParameterValue', `Invalid TCP/UDP port range (${fromPort}:${toPort})`);
  }
  return { protocol, fromPort, toPort };
}

function source(
  kind: GroupRule['source']['kind'],
  parameters: Parameters,
  name: string,
): Pick<GroupRule, 'source' | 'description'> {
  const text = parameters.requiredText(name);
  if (kind !== 'group') checkCidr(kind, text);
  const value = kind === 'group' ? text : canonicalCidr(text);
  return { source: { kind, value }, description: parameters.text('Description') };
}

function checkCidr(kind: 'ipv4' | 'ipv6' | 'prefix-list', value: string): void {
  const [address = '', length = '', ...rest] = value.split('/');
  const valid = kind === 'ipv4' ? isIPv4(address) : isIPv6(address);
  const most = kind === 'ipv4' ? 32 : 128;
  if (!valid || rest.length > 0 || !/^\d{1,3}$/.test(length) || Number(length) > most) {
    throw new ApiError('InvalidParameterValue', `CIDR block ${value} is malformed`);
  }
}

/** What makes two rules the same to AWS: everything but the description. */
export function ruleKey({ protocol, fromPort, toPort, source: { kind, value } }: GroupRule): string {
  return JSON.stringify([protocol, fromPort ?? null, toPort ?? null, kind, value]);
}

/** Rules with the same protocol and ports make one element, as in DescribeSecurityGroups. */
export function permissionsXml(rules: readonly GroupRule[]): readonly XmlObject[] {
  const ranges = new Map<string, GroupRule[]>();
  for (const rule of rules) {
    const range = JSON.stringify([rule.protocol, rule.fromPort ?? null, rule.toPort ?? null]);
    ranges.set(range, [...(ranges.get(range) ?? []), rule]);
  }
  return [...ranges.values()].flatMap((same) => {
    const [first] = same;
    const of = (kind: GroupRule['source']['kind']) => same.filter((rule) => rule.source.kind === kind);
    return first === undefined
      ? []
      : [
          {
            ipProtocol: first.protocol,
            fromPort: first.fromPort,
            toPort: first.toPort,
            groups: of('group').map((rule) => ({
              userId: accountId,
              groupId: rule.source.value,
              description: rule.description,
            })),
            ipRanges: of('ipv4').map((rule) => ({
              cidrIp: rule.source.value,
              description: rule.description,
            })),
            ipv6Ranges: of('ipv6').map((rule) => ({
              cidrIpv6: rule.source.value,
              description: rule.description,
            })),
            prefixListIds: [],
          },
        ];
  });
}

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_SecurityGroupRule.html */
export function ruleXml(groupId: string, isEgress: boolean, rule: GroupRule): XmlObject {
  return {
    securityGroupRuleId: stableId('sgr', groupId, String(isEgress), ruleKey(rule)),
    groupId,
    groupOwnerId: accountId,
    isEgress,
    ipProtocol: rule.protocol,
    fromPort: rule.fromPort ?? -1,
    toPort: rule.toPort ?? -1,
    ...(rule.source.kind === 'ipv4' ? { cidrIpv4: rule.source.value } : {}),
    ...(rule.source.kind === 'ipv6' ? { cidrIpv6: rule.source.value } : {}),
    ...(rule.source.kind === 'group'
      ? { referencedGroupInfo: { groupId: rule.source.value, userId: accountId } }
      : {}),
    description: rule.description,
  };
}
