import { splitWords } from './split-words.ts';

/** One delivered entry as it is on a machine. */
export interface EntryFacts {
  readonly type: 'file' | 'directory' | 'symlink' | 'other';
  readonly mode: number;
  /** Numeric `user:group`. */
  readonly owner: string;
  readonly size: number;
  /** Of a symbolic link. */
  readonly target?: string;
  /** Lower-case hex SHA-256, of a file. */
  readonly sha256?: string;
}

const entryTypes: Readonly<Record<string, EntryFacts['type']>> = { f: 'file', d: 'directory', l: 'symlink' };

/** `entry TYPE MODE UID:GID SIZE ./PATH`, each followed by `target …`; then `digest SHA256  ./PATH`. */
export function readEntries(records: readonly string[]): ReadonlyMap<string, EntryFacts> {
  const entries = new Map<string, EntryFacts>();
  for (const [index, record] of records.entries()) {
    if (record.startsWith('entry ')) {
      const [, type = '', mode = '', owner = '', size = '', path = ''] = splitWords(record, 6);
      const target = records[index + 1]?.slice('target '.length) ?? '';
      entries.set(withoutDot(path), {
        type: entryTypes[type] ?? 'other',
        mode: Number.parseInt(mode, 8),
        owner,
        size: Number(size),
        ...(type === 'l' && { target }),
      });
    } else if (record.startsWith('digest ')) {
      const [, sha256 = '', , path = ''] = splitWords(record, 4);
      const entry = entries.get(withoutDot(path));
      if (entry !== undefined) entries.set(withoutDot(path), { ...entry, sha256 });
    }
  }
  return entries;
}

function withoutDot(path: string): string {
  return path.startsWith('./') ? path.slice(2) : path;
}

/** `activated none`, `activated same` (as now), or `activated differs` and the records of then. */
export function readActivated(
  records: readonly string[],
  now: ReadonlyMap<string, EntryFacts>,
): ReadonlyMap<string, EntryFacts> | undefined {
  switch (records[0]) {
    case 'activated same':
      return now;
    case 'activated differs':
      return readEntries(records.slice(1));
    default:
      return undefined;
  }
}
