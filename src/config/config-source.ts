/** Keys and list positions that lead to a value: `['regions', 0, 'us-west-2']`. */
export type Path = readonly PropertyKey[];

/** Values before they are checked, with the knowledge of where each was written. */
export interface ConfigSource {
  readonly values: unknown;
  /** Where the value at `path`, or its key, was written, or else what it would stand in. */
  readonly locate: (path: Path, part: 'key' | 'value') => string;
}

/** A path as a person writes it: `regions[0].us-west-2.machine_type`. */
export function formatPath(path: Path): string {
  return path
    .map((part, index) =>
      typeof part === 'number' ? `[${part}]` : `${index === 0 ? '' : '.'}${String(part)}`,
    )
    .join('');
}

/** The value at `path`; undefined where there is none. */
export function valueAt(values: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, key)
        ? (value as Record<PropertyKey, unknown>)[key]
        : undefined,
    values,
  );
}
