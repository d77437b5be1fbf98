import type { IpPermission } from '@aws-sdk/client-ec2';
import { canonicalCidr } from './cidr.ts';
import type { Ingress } from './network.ts';

export interface IngressDifference {
  /** Rules to authorize, one source each. */
  readonly lacking: readonly IpPermission[];
  /** Rules to revoke, one source each. */
  readonly excess: readonly IpPermission[];
}

/** What makes the rules that a group has those that are wanted, and no others. */
export function ingressDifference(
  present: readonly IpPermission[],
  wanted: readonly Ingress[],
): IngressDifference {
  const has = byKey(present.flatMap(singleRules));
  const wants = byKey(wanted.flatMap(rulesOf));
  return {
    lacking: [...wants].filter(([key]) => !has.has(key)).map(([, rule]) => rule),
    excess: [...has].filter(([key]) => !wants.has(key)).map(([, rule]) => rule),
  };
}

function rulesOf({ port, cidrs }: Ingress): IpPermission[] {
  const base = { IpProtocol: 'tcp', FromPort: port, ToPort: port };
  return cidrs
    .map(canonicalCidr)
    .map((cidr) =>
      cidr.includes(':')
        ? { ...base, Ipv6Ranges: [{ CidrIpv6: cidr }] }
        : { ...base, IpRanges: [{ CidrIp: cidr }] },
    );
}

/** EC2 shows the rules of a port together; here each has one source and no description, by which it is revoked. */
function singleRules(permission: IpPermission): IpPermission[] {
  const { IpProtocol, FromPort, ToPort } = permission;
  const base = {
    IpProtocol,
    ...(FromPort !== undefined && { FromPort }),
    ...(ToPort !== undefined && { ToPort }),
  };
  return [
    ...(permission.IpRanges ?? []).map(({ CidrIp }) => ({ ...base, IpRanges: [{ CidrIp }] })),
    ...(permission.Ipv6Ranges ?? []).map(({ CidrIpv6 }) => ({ ...base, Ipv6Ranges: [{ CidrIpv6 }] })),
    ...(permission.PrefixListIds ?? []).map(({ PrefixListId }) => ({
      ...base,
      PrefixListIds: [{ PrefixListId }],
    })),
    ...(permission.UserIdGroupPairs ?? []).map(({ GroupId, UserId }) => ({
      ...base,
      UserIdGroupPairs: [{ GroupId, UserId }],
    })),
  ];
}

function byKey(rules: readonly IpPermission[]): ReadonlyMap<string, IpPermission> {
  return new Map(rules.map((rule) => [keyOf(rule), rule]));
}

function keyOf(rule: IpPermission): string {
  const { IpProtocol, FromPort, ToPort, IpRanges, Ipv6Ranges, PrefixListIds, UserIdGroupPairs } = rule;
  const cidr = IpRanges?.[0]?.CidrIp ?? Ipv6Ranges?.[0]?.CidrIpv6;
  const source = cidr === undefined ? undefined : canonicalCidr(cidr);
  return JSON.stringify([
    IpProtocol,
    FromPort ?? -1,
    ToPort ?? -1,
    source ?? PrefixListIds?.[0]?.PrefixListId ?? UserIdGroupPairs?.[0]?.GroupId,
  ]);
}
