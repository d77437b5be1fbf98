import { stableId } from './identifiers.ts';
import { zonesOf } from './regions.ts';

/** The account that owns everything here. */
export const accountId = '123456789012';

export interface Subnet {
  readonly id: string;
  readonly zone: string;
  readonly zoneId: string;
  readonly cidr: string;
}

/** The default VPC of a region. https://docs.aws.amazon.com/vpc/latest/userguide/default-vpc.html */
export function defaultVpc(region: string): { readonly id: string; readonly cidr: string } {
  return { id: stableId('vpc', region), cidr: '172.31.0.0/16' };
}

/** The default subnets of a region: a /20 a zone. */
export function defaultSubnets(region: string): readonly Subnet[] {
  return zonesOf(region).map((zone, index) => ({
    id: stableId('subnet', zone.name),
    zone: zone.name,
    zoneId: zone.id,
    cidr: `172.31.${index * 16}.0/20`,
  }));
}

/** The id of the security group `default`, which cannot be deleted. */
export function defaultGroupId(region: string): string {
  return stableId('sg', region, 'default');
}
