/**
 * One line of /var/lib/spot/journal.jsonl. The runner appends a line at every change of a step; `release` as the
 * step stands for the whole: started, rebooting, done or failed.
 */
export interface JournalLine {
  /** ISO 8601 in UTC. */
  readonly at: string;
  readonly release: string;
  /** The kernel's boot id, so that a reboot in between is seen. */
  readonly boot: string;
  readonly step: string;
  readonly state: StepState;
  /** What a person calls the step; on `started`. */
  readonly title?: string;
  /** Wall seconds the step took; on every state that ends it. */
  readonly seconds?: number;
  /** Exit code of the step's program; on `failed`. */
  readonly exit?: number;
  /** The port that the step's program serves; on `adopted`. */
  readonly port?: number;
  /** Why, in one sentence; on `failed`, `timeout` and `adopted`. */
  readonly reason?: string;
  /** The step's log on the machine. */
  readonly log?: string;
}

/** `adopted` ends a step like `done`: its program goes on as a service. `progress` reports without ending. */
export type StepState = 'started' | 'progress' | 'done' | 'adopted' | 'failed' | 'timeout' | 'rebooting';

const states: ReadonlySet<string> = new Set<StepState>([
  'started',
  'progress',
  'done',
  'adopted',
  'failed',
  'timeout',
  'rebooting',
]);

/** The step name under which the journal reports on the release as a whole. */
export const wholeRelease = 'release';

/** One line of the journal, or undefined for what is none: a line cut short by a loss of power, say. */
export function parseJournalLine(text: string): JournalLine | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  return isJournalLine(value) ? value : undefined;
}

function isJournalLine(value: unknown): value is JournalLine {
  if (typeof value !== 'object' || value === null) return false;
  const line = value as Record<string, unknown>;
  return (
    ['at', 'release', 'boot', 'step', 'state'].every((key) => typeof line[key] === 'string') &&
    states.has(String(line.state)) &&
    ['title', 'reason', 'log'].every((key) => isOptional(line[key], 'string')) &&
    ['seconds', 'exit', 'port'].every((key) => isOptional(line[key], 'number'))
  );
}

function isOptional(value: unknown, type: 'string' | 'number'): boolean {
  return value === undefined || typeof value === type;
}
