import { ApiError } from './api-error.ts';
import type { Parameters } from './parameters.ts';

/** What a filter of that name compares with: the values that a thing has. */
export type FilterAttributes<Thing> = Readonly<
  Record<string, (thing: Thing) => readonly (string | undefined)[]>
>;

const mostValues = 200;

/**
 * The things that pass every filter of the request. A filter passes when any of its values matches; `*` and `?`
 * are wildcards, and `tag:KEY` and `tag-key` work wherever things have tags. Unknown names are refused.
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Filtering.html
 */
export function filtered<Thing>(
  parameters: Parameters,
  things: readonly Thing[],
  attributes: FilterAttributes<Thing>,
  tagsOf?: (thing: Thing) => Readonly<Record<string, string>>,
): readonly Thing[] {
  const tests = parameters.groups('Filter').map((filter) => {
    const name = filter.requiredText('Name');
    const values = filter.texts('Value');
    if (values.length > mostValues) {
      throw new ApiError(
        'FilterLimitExceeded',
        `The maximum number of filter values specified on a single call is ${mostValues}`,
      );
    }
    const read = reader(name, attributes, tagsOf);
    const patterns = values.map(wildcard);
    return (thing: Thing) =>
      read(thing).some((value) => value !== undefined && patterns.some((pattern) => pattern.test(value)));
  });
  return things.filter((thing) => tests.every((test) => test(thing)));
}

function reader<Thing>(
  name: string,
  attributes: FilterAttributes<Thing>,
  tagsOf: ((thing: Thing) => Readonly<Record<string, string>>) | undefined,
): (thing: Thing) => readonly (string | undefined)[] {
  const attribute = Object.hasOwn(attributes, name) ? attributes[name] : undefined;
  if (attribute !== undefined) return attribute;
  if (tagsOf !== undefined) {
    if (name.startsWith('tag:')) {
      const key = name.slice('tag:'.length);
      return (thing) => {
        const tags = tagsOf(thing);
        return Object.hasOwn(tags, key) ? [tags[key]] : [];
      };
    }
    if (name === 'tag-key') return (thing) => Object.keys(tagsOf(thing));
  }
  throw new ApiError('InvalidParameterValue', `The filter '${name}' is invalid`);
}

/** `*` is any text, `?` any character; a backslash takes that meaning away. */
function wildcard(pattern: string): RegExp {
  const source = pattern.replaceAll(/\\[*?\\]|[*?]|[.+^${}()|[\]\\]/g, (found) => {
    if (found === '*') return '.*';
    if (found === '?') return '.';
    return found.length > 1 ? found : `\\${found}`;
  });
  return new RegExp(`^${source}$`, 's');
}
