import type { ResourceType, Tag, TagSpecification } from '@aws-sdk/client-ec2';

/** The tags on everything that we make: by them it is found again, whatever happened to this computer. */
export const tagKeys = {
  deployment: 'spot-deployer:deployment',
  release: 'spot-deployer:release',
  owner: 'spot-deployer:owner',
  /** The client token of the launch that made the machine. */
  launch: 'spot-deployer:launch',
} as const;

export type Tags = Readonly<Record<string, string>>;

export function toTags(tags: Tags): Tag[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

export function fromTags(tags: readonly Tag[] | undefined): Tags {
  return Object.fromEntries((tags ?? []).map(({ Key, Value }) => [Key ?? '', Value ?? '']));
}

export function tagSpecifications(types: readonly ResourceType[], tags: Tags): TagSpecification[] {
  return types.map((ResourceType) => ({ ResourceType, Tags: toTags(tags) }));
}

/** The filter that finds everything of one deployment. */
export function deploymentFilter(deployment: string): { Name: string; Values: string[] } {
  return { Name: `tag:${tagKeys.deployment}`, Values: [deployment] };
}
