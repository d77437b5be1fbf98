import { ApiError } from './api-error.ts';
import type { Parameters } from './parameters.ts';

export type Tags = Readonly<Record<string, string>>;

const mostTags = 50;
const longestKey = 128;
const longestValue = 256;

/**
 * The tags of a request for one type of resource. `allowed` are the types the action can tag.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_TagSpecification.html
 */
export function tagsFor(parameters: Parameters, resourceType: string, allowed: readonly string[]): Tags {
  const tags: (readonly [string, string])[] = [];
  const seen = new Set<string>();
  for (const specification of parameters.groups('TagSpecification')) {
    const type = specification.requiredText('ResourceType');
    if (!allowed.includes(type)) {
      throw new ApiError(
        'InvalidParameterValue',
        `'${type}' is not a valid taggable resource type for this operation.`,
      );
    }
    if (seen.has(type)) {
      throw new ApiError(
        'InvalidParameterValue',
        `The resource type '${type}' appears in more than one tag specification.`,
      );
    }
    seen.add(type);
    const own = readTags(specification);
    if (type === resourceType) tags.push(...own);
  }
  return withinLimit(Object.fromEntries(tags));
}

/** The `Tag.N` of a request, each checked: keys once, their lengths, and no `aws:` in front. */
export function readTags(parameters: Parameters): readonly (readonly [string, string])[] {
  const keys = new Set<string>();
  return parameters.groups('Tag').map((tag) => {
    const key = tag.requiredText('Key');
    const value = tag.text('Value') ?? '';
    if (keys.has(key)) {
      throw new ApiError('InvalidParameterValue', `Duplicate tag key '${key}' specified.`);
    }
    keys.add(key);
    if (key.startsWith('aws:')) {
      throw new ApiError(
        'InvalidParameterValue',
        "Tag keys starting with 'aws:' are reserved for internal use",
      );
    }
    if (key.length > longestKey) {
      throw new ApiError(
        'InvalidParameterValue',
        `Tag key exceeds the maximum length of ${longestKey} characters`,
      );
    }
    if (value.length > longestValue) {
      throw new ApiError(
        'InvalidParameterValue',
        `Tag value exceeds the maximum length of ${longestValue} characters`,
      );
    }
    return [key, value] as const;
  });
}

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html#tag-restrictions */
export function withinLimit(tags: Tags): Tags {
  if (Object.keys(tags).length > mostTags) {
    throw new ApiError('TagLimitExceeded', 'The maximum number of Tags for a resource has been reached.');
  }
  return tags;
}

/** A `tagSet` of an answer. */
export function tagSet(tags: Tags | undefined): readonly { key: string; value: string }[] {
  return Object.entries(tags ?? {}).map(([key, value]) => ({ key, value }));
}
