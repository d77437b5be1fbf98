import { type Actions, type Call, tagging } from '../api/action.ts';
import { ApiError } from '../api/api-error.ts';
import type { XmlObject } from '../api/xml.ts';
import type { CloudState, SecurityGroup } from '../store/cloud-state.ts';
import { findGroup, findGroupByName } from '../world/groups.ts';
import { readRules, ruleKey, ruleParameters, ruleXml } from './group-rules.ts';

const changing = ['GroupId', 'GroupName', 'DryRun', ...ruleParameters] as const;

/**
 * Rules change what AWS would let through, and which ports the next machine of the group publishes; the ports of
 * a machine that runs stay as they are.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AuthorizeSecurityGroupIngress.html
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RevokeSecurityGroupIngress.html
 */
export const securityGroupRuleActions: Actions = {
  AuthorizeSecurityGroupIngress: {
    parameters: [...changing, ...tagging],
    handle: (call) => authorize(call, 'ingress'),
  },
  AuthorizeSecurityGroupEgress: {
    parameters: [...changing, ...tagging],
    handle: (call) => authorize(call, 'egress'),
  },
  RevokeSecurityGroupIngress: { parameters: changing, handle: (call) => revoke(call, 'ingress') },
  RevokeSecurityGroupEgress: { parameters: changing, handle: (call) => revoke(call, 'egress') },
};

function authorize(call: Call, direction: 'ingress' | 'egress'): Promise<XmlObject> {
  const rules = readRules(call.parameters);
  return call.cloud.store.update((state) => {
    const group = namedGroup(state, call);
    for (const { source } of rules) {
      if (source.kind === 'group') findGroup(state, call.region, source.value);
    }
    const keys = new Set(group[direction].map(ruleKey));
    for (const rule of rules) {
      if (keys.has(ruleKey(rule))) {
        const { source, protocol, fromPort, toPort } = rule;
        throw new ApiError(
          'InvalidPermission.Duplicate',
          `the specified rule "peer: ${source.value}, ${protocol.toUpperCase()}, from port: ${fromPort}, to port: ${toPort}, ALLOW" already exists`,
        );
      }
      keys.add(ruleKey(rule));
    }
    state.groups[group.id] = { ...group, [direction]: [...group[direction], ...rules] };
    return {
      return: true,
      securityGroupRuleSet: rules.map((rule) => ruleXml(group.id, direction === 'egress', rule)),
    };
  });
}

function revoke(call: Call, direction: 'ingress' | 'egress'): Promise<XmlObject> {
  const rules = readRules(call.parameters);
  return call.cloud.store.update((state) => {
    const group = namedGroup(state, call);
    const keys = new Set(rules.map(ruleKey));
    const kept = group[direction].filter((rule) => !keys.has(ruleKey(rule)));
    if (group[direction].length - kept.length < keys.size) {
      throw new ApiError(
        'InvalidPermission.NotFound',
        'The specified rule does not exist in this security group.',
      );
    }
    state.groups[group.id] = { ...group, [direction]: kept };
    return { return: true };
  });
}

/** The group that a request names by id or by name. */
export function namedGroup(state: CloudState, { region, parameters }: Call): SecurityGroup {
  const id = parameters.text('GroupId');
  const name = parameters.text('GroupName');
  if (id !== undefined) return findGroup(state, region, id);
  if (name !== undefined) return findGroupByName(state, region, name);
  throw new ApiError('MissingParameter', 'The request must contain the parameter groupName or groupId');
}
