import type { RecordedEntry } from '../release/release.ts';
import type { EntryFacts } from './entry-facts.ts';
import type { MachineFacts } from './facts.ts';

/** How the delivered entries of a release are on a machine, compared with how they were sent. */
export interface EntryReview {
  /** `path: what differs`, for each entry that is not as it should be. */
  readonly differences: readonly string[];
  /** Entries that the release's own steps changed and that nothing has changed since. */
  readonly changedBySteps: number;
}

/**
 * Compares every recorded entry. A setup script may change what was delivered (a configuration it fills in): an
 * entry that is now as it was when the release was activated is no difference.
 * @param secrets digests of secret files by path, which the record leaves out; where one is unknown, the content is
 *   compared with that at activation only
 */
export function reviewEntries(
  recorded: readonly RecordedEntry[],
  facts: MachineFacts,
  secrets: ReadonlyMap<string, string>,
): EntryReview {
  const differences: string[] = [];
  let changedBySteps = 0;
  for (const entry of recorded) {
    const now = facts.entries.get(entry.path);
    const then = facts.activated?.get(entry.path);
    const fromSent = difference(expectedEntry(entry, secrets.get(entry.path)), now);
    const fromThen = facts.activated === undefined ? fromSent : difference(then, now);
    if (fromThen !== undefined) differences.push(`${JSON.stringify(entry.path)}: ${fromSent ?? fromThen}`);
    else if (fromSent !== undefined) changedBySteps += 1;
  }
  return { differences, changedBySteps };
}

function expectedEntry(entry: RecordedEntry, secretDigest: string | undefined): Partial<EntryFacts> {
  const owner = '0:0';
  switch (entry.type) {
    case 'file': {
      const sha256 = entry.sha256 ?? secretDigest;
      const { type, mode, size } = entry;
      return { type, mode, owner, size, ...(sha256 !== undefined && { sha256 }) };
    }
    case 'directory':
      return { type: entry.type, mode: entry.mode, owner };
    case 'symlink':
      return { type: entry.type, owner, target: entry.target };
  }
}

/** What differs, in one phrase; undefined when nothing does. Only what is expected is compared. */
function difference(
  expected: Partial<EntryFacts> | undefined,
  now: EntryFacts | undefined,
): string | undefined {
  if (now === undefined) return expected === undefined ? undefined : 'is missing';
  if (expected === undefined) return 'came into being later';
  if (expected.type !== now.type) return `is a ${now.type}, not a ${expected.type}`;
  if (expected.target !== undefined && expected.target !== now.target) {
    return `points to ${JSON.stringify(now.target)}, not to ${JSON.stringify(expected.target)}`;
  }
  if (expected.sha256 !== undefined && expected.sha256 !== now.sha256) return 'has other content';
  // The size of a directory is the file system's own affair.
  if (now.type === 'file' && expected.size !== undefined && expected.size !== now.size) {
    return `has ${now.size} bytes, not ${expected.size}`;
  }
  if (now.type !== 'symlink' && expected.mode !== undefined && expected.mode !== now.mode) {
    return `has mode ${octal(now.mode)}, not ${octal(expected.mode)}`;
  }
  if (expected.owner !== undefined && expected.owner !== now.owner) {
    return `belongs to ${now.owner}, not to ${expected.owner}`;
  }
  return undefined;
}

function octal(mode: number): string {
  return `0${mode.toString(8).padStart(3, '0')}`;
}
