import { ApiError } from './api-error.ts';

/** The things of these ids, or all of them when no id was given. An id that is not there is an error of `code`. */
export function named<Thing extends { readonly id: string }>(
  things: readonly Thing[],
  ids: readonly string[],
  code: string,
  noun: string,
): readonly Thing[] {
  const missing = ids.find((id) => !things.some((thing) => thing.id === id));
  if (missing !== undefined) throw new ApiError(code, `The ${noun} ID '${missing}' does not exist`);
  return ids.length === 0 ? things : things.filter((thing) => ids.includes(thing.id));
}
