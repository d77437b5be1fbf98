import type { z } from 'zod';
import { SpotError } from '../errors/spot-error.ts';
import { type ConfigSource, formatPath, type Path, valueAt } from './config-source.ts';
import { nearest } from './nearest.ts';
import { homeOf, keysAt } from './schema.ts';
import type { IssueParams } from './value-schemas.ts';

type Issue = z.core.$ZodIssue;

/** Longer text is not repeated in a message: it may have been meant to be kept. */
const longestShown = 24;

/** Every issue that the schema found, as errors with their places, in the order of the first for each path. */
export function configErrors(issues: readonly Issue[], source: ConfigSource): readonly SpotError[] {
  const byPlace = new Map<string, SpotError>();
  for (const issue of issues) {
    for (const { place, error } of issueErrors(issue, source)) {
      // Several rules of one value can fail at once; each says the same.
      if (!byPlace.has(place)) byPlace.set(place, error);
    }
  }
  return [...byPlace.values()];
}

function issueErrors(issue: Issue, source: ConfigSource): { place: string; error: SpotError }[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const path = [...issue.path, key];
      return { place: formatPath(path), error: unknownKey(path, key, source) };
    });
  }
  const place = formatPath(issue.path);
  if (issue.code === 'invalid_key') {
    const expected = issue.issues[0]?.message ?? issue.message;
    return [{ place: `${place} (key)`, error: invalidKey(issue.path, expected, source) }];
  }
  const params = issue.code === 'custom' ? (issue.params as IssueParams | undefined) : undefined;
  switch (params?.kind) {
    case 'key':
      return [{ place: `${place} (key)`, error: invalidKey(issue.path, issue.message, source) }];
    case 'unsupported':
      return [{ place, error: unsupportedKey(issue.path, params.hint, source) }];
    default:
      return [{ place, error: invalidValue(issue.path, issue.message, source) }];
  }
}

function unknownKey(path: Path, key: string, source: ConfigSource): SpotError {
  const like = nearest(key, keysAt(path.slice(0, -1)));
  const home = homeOf(key);
  const advice =
    home !== undefined ? `; it belongs ${home}` : like === undefined ? '' : `; did you mean \`${like}\`?`;
  return new SpotError('SPOT-E-CONFIG-UNKNOWN-KEY', {
    message: sentence(`\`${formatPath(path)}\` is not a key${advice}`),
    where: source.locate(path, 'key'),
  });
}

function unsupportedKey(path: Path, hint: string, source: ConfigSource): SpotError {
  const value = valueAt(source.values, path);
  const what = typeof value === 'boolean' ? `\`${formatPath(path)}: ${value}\`` : `\`${formatPath(path)}\``;
  return new SpotError('SPOT-E-NOT-SUPPORTED', {
    message: `${what} is not supported.`,
    where: source.locate(path, 'key'),
    hint,
  });
}

function invalidKey(path: Path, expected: string, source: ConfigSource): SpotError {
  return new SpotError('SPOT-E-CONFIG-INVALID', {
    message: `The key \`${formatPath(path)}\` must be ${expected}.`,
    where: source.locate(path, 'key'),
  });
}

function invalidValue(path: Path, expected: string, source: ConfigSource): SpotError {
  const subject = path.length === 0 ? 'The file' : `\`${formatPath(path)}\``;
  return new SpotError('SPOT-E-CONFIG-INVALID', {
    message: `${subject} must be ${expected}, but is ${describe(valueAt(source.values, path))}.`,
    where: source.locate(path, 'value'),
  });
}

function describe(value: unknown): string {
  if (value === null || value === undefined) return 'empty';
  if (typeof value === 'string') {
    return value.length > longestShown ? `a text of ${value.length} characters` : JSON.stringify(value);
  }
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'object') return Object.keys(value).length === 0 ? 'an empty map' : 'a map';
  return String(value);
}

function sentence(text: string): string {
  return text.endsWith('?') ? text : `${text}.`;
}
