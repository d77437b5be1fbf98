import { ApiError } from './api-error.ts';
import type { Parameters } from './parameters.ts';

export interface Page<Thing> {
  readonly things: readonly Thing[];
  readonly nextToken: string | undefined;
}

/**
 * One page of a listing, in the order of the keys. A token names the last key that was shown, so that a page
 * neither repeats nor skips what stays when other things come and go.
 * `least` is the smallest MaxResults that AWS documents for the action (5 for most).
 */
export function page<Thing>(
  parameters: Parameters,
  things: readonly Thing[],
  keyOf: (thing: Thing) => string,
  { least = 5, most = 1000 } = {},
): Page<Thing> {
  const size = parameters.integer('MaxResults', least, most);
  const token = parameters.text('NextToken');
  const sorted = [...things].sort((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
  const after = token === undefined || token === '' ? undefined : decode(token);
  const rest = after === undefined ? sorted : sorted.filter((thing) => keyOf(thing) > after);
  if (size === undefined || rest.length <= size) return { things: rest, nextToken: undefined };
  const shown = rest.slice(0, size);
  const last = shown.at(-1);
  return { things: shown, nextToken: last === undefined ? undefined : encode(keyOf(last)) };
}

const prefix = 'after:';

function encode(key: string): string {
  return Buffer.from(prefix + key).toString('base64url');
}

function decode(token: string): string {
  const text = Buffer.from(token, 'base64url').toString();
  if (!text.startsWith(prefix))
    throw new ApiError('InvalidParameterValue', 'Unable to parse pagination token');
  return text.slice(prefix.length);
}
