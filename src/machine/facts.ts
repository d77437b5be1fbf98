import { SpotError } from '../errors/spot-error.ts';
import { type EntryFacts, readActivated, readEntries } from './entry-facts.ts';
import { type JournalLine, parseJournalLine } from './journal.ts';
import { splitWords } from './split-words.ts';

/** What `runner facts` found on a machine. Nothing is judged here; see checks.ts. */
export interface MachineFacts {
  readonly cloudInit: {
    readonly state: 'absent' | 'disabled' | 'running' | 'done';
    readonly errors: readonly string[];
  };
  readonly directories: ReadonlyMap<string, { readonly mode: number; readonly owner: string }>;
  /** Symbolic links of the layout and where they point. */
  readonly links: ReadonlyMap<string, string>;
  /** The active release; undefined before the first activation. */
  readonly release: string | undefined;
  /** Does its plan end in a reboot? */
  readonly reboot: boolean;
  readonly boot: string;
  /** Seconds. */
  readonly uptime: number;
  /** Journal lines about the active release, oldest first. */
  readonly journal: readonly JournalLine[];
  /** The delivered entries that exist, as they are now; the path is relative to the release. */
  readonly entries: ReadonlyMap<string, EntryFacts>;
  /** The same as it was when the release was activated; undefined when it was not. */
  readonly activated: ReadonlyMap<string, EntryFacts> | undefined;
  readonly units: readonly UnitFacts[];
  readonly failedUnits: readonly string[];
  /** TCP port → names of the programs that listen on it. */
  readonly listening: ReadonlyMap<number, string>;
}

/** A systemd unit of ours, in systemd's words. */
export interface UnitFacts {
  readonly name: string;
  readonly active: string;
  readonly sub: string;
  readonly enabled: string;
  readonly restarts: number;
  readonly result: string;
  /** Seconds since it became active. */
  readonly activeSeconds: number;
}

/**
 * Reads the NUL-ended records of `runner facts`. A record is a kind, a space and the rest, with what may hold
 * anything (a path, a link's target) at the end.
 * @throws SPOT-E-DELIVERY when the records are cut short
 */
export function parseFacts(bytes: Uint8Array): MachineFacts {
  const records = Buffer.from(bytes).toString('utf8').split('\0');
  if (records.at(-2) !== 'end') {
    throw new SpotError('SPOT-E-DELIVERY', { message: 'What the machine says about itself is cut short.' });
  }
  const cut = records.findIndex((record) => record.startsWith('activated '));
  const now = cut < 0 ? records : records.slice(0, cut);
  const entries = readEntries(now);
  return {
    cloudInit: readCloudInit(now),
    directories: new Map(rest(now, 'directory').map(readDirectory)),
    links: new Map(rest(now, 'link').map((text) => splitWords(text, 2) as [string, string])),
    release: rest(now, 'release')[0],
    reboot: rest(now, 'reboot')[0] === 'yes',
    boot: rest(now, 'boot')[0] ?? '',
    uptime: Number(rest(now, 'uptime')[0]),
    journal: rest(now, 'journal').flatMap((text) => parseJournalLine(text) ?? []),
    entries,
    activated: readActivated(records.slice(now.length), entries),
    units: rest(now, 'unit').map(readUnit),
    failedUnits: rest(now, 'failed-unit'),
    listening: new Map(rest(now, 'listening').map(readListening)),
  };
}

function rest(records: readonly string[], kind: string): readonly string[] {
  return records
    .filter((record) => record.startsWith(`${kind} `))
    .map((record) => record.slice(kind.length + 1));
}

function readDirectory(text: string): [string, { mode: number; owner: string }] {
  const [mode = '', owner = '', path = ''] = splitWords(text, 3);
  return [path, { mode: Number.parseInt(mode, 8), owner }];
}

function readListening(text: string): [number, string] {
  const [port = '', programs = ''] = splitWords(text, 2);
  return [Number(port), programs];
}

function readUnit(text: string): UnitFacts {
  const [name = '', active = '', sub = '', enabled = '', restarts = '', result = '', seconds = ''] =
    splitWords(text, 7);
  return { name, active, sub, enabled, restarts: Number(restarts), result, activeSeconds: Number(seconds) };
}

/** cloud-init's result.json: `{"v1":{"errors":[…]}}`. One that cannot be read is reported as an error itself. */
function readCloudInit(records: readonly string[]): MachineFacts['cloudInit'] {
  const state = (rest(records, 'cloud-init')[0] ?? 'absent') as MachineFacts['cloudInit']['state'];
  const text = rest(records, 'cloud-init-result')[0];
  if (text === undefined) return { state, errors: [] };
  try {
    const result = JSON.parse(text) as { v1?: { errors?: unknown[] } };
    return { state, errors: (result.v1?.errors ?? []).map(String) };
  } catch {
    return { state, errors: [`its result cannot be read: ${text.slice(0, 200)}`] };
  }
}
