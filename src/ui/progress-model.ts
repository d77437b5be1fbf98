import type { FleetEvent, MachineName, MachinePhase } from '../fleet/events.ts';
import { cleanLine, firstLine } from './safe-text.ts';

/** What is known of one machine on its way. Times are milliseconds since the epoch. */
export interface MachineProgress {
  readonly machine: MachineName;
  readonly phase: MachinePhase;
  /** What it is doing within the phase: a step's title, a detail, why it failed. Empty when nothing is told. */
  readonly doing: string;
  /** The last line that its step printed. */
  readonly lastLine: string;
  readonly upload: UploadProgress | undefined;
  /** When it was first heard of. */
  readonly seenAt: number;
  /** When what it is doing now began. */
  readonly since: number;
}

export interface UploadProgress {
  readonly sent: number;
  readonly total: number;
  /** Where this upload began (a resumed one does not begin at zero), for the rate. */
  readonly from: number;
  readonly startedAt: number;
}

export interface StageProgress {
  readonly text: string;
  readonly since: number;
}

/** All that the live rows show. Machines are in the order they were first heard of. */
export interface Progress {
  readonly stage: StageProgress | undefined;
  readonly machines: ReadonlyMap<string, MachineProgress>;
}

export const noProgress: Progress = { stage: undefined, machines: new Map() };

/** The progress after one more event. */
export function advance(progress: Progress, event: FleetEvent, now: number): Progress {
  switch (event.type) {
    case 'stage':
      return { ...progress, stage: { text: event.text, since: now } };
    case 'launched':
      return event.machines.reduce((sum, machine) => update(sum, machine, now, () => ({})), progress);
    case 'machine':
      return update(progress, event.machine, now, (machine) => ({
        phase: event.phase,
        doing: firstLine(event.detail ?? ''),
        ...(machine.phase === event.phase ? {} : { since: now, lastLine: '', upload: undefined }),
      }));
    case 'upload':
      return update(progress, event.machine, now, ({ upload }) => ({
        upload: {
          from: event.sent,
          startedAt: now,
          ...upload,
          sent: event.sent,
          total: event.total,
        },
      }));
    case 'step':
      return update(progress, event.machine, now, () => ({
        doing: event.state === 'started' ? event.title : `${event.title}: ${stepEnd(event)}`,
        lastLine: '',
        since: now,
      }));
    case 'output':
      return update(progress, event.machine, now, (machine) => ({
        lastLine: cleanLine(event.line) || machine.lastLine,
      }));
    case 'failure':
      return update(progress, event.machine, now, () => ({
        phase: 'failed',
        doing: firstLine(event.error.message),
        lastLine: '',
        since: now,
      }));
    case 'notice':
    case 'warning':
      return progress;
  }
}

/** How a step ended, in a few words: `done`, `failed with exit code 7`, `runs on as a service`. */
export function stepEnd(event: Extract<FleetEvent, { type: 'step' }>): string {
  switch (event.state) {
    case 'started':
      return 'started';
    case 'done':
      return 'done';
    case 'adopted':
      return event.reason ?? 'runs on as a service';
    case 'failed':
      return event.exit === undefined ? (event.reason ?? 'failed') : `failed with exit code ${event.exit}`;
    case 'timeout':
      return event.reason ?? 'did not end in its time';
  }
}

function update(
  progress: Progress,
  machine: MachineName,
  now: number,
  change: (before: MachineProgress) => Partial<MachineProgress>,
): Progress {
  const before = progress.machines.get(machine.id) ?? newcomer(machine, now);
  const machines = new Map(progress.machines);
  machines.set(machine.id, { ...before, machine, ...change(before) });
  return { ...progress, machines };
}

function newcomer(machine: MachineName, now: number): MachineProgress {
  return {
    machine,
    phase: 'launching',
    doing: '',
    lastLine: '',
    upload: undefined,
    seenAt: now,
    since: now,
  };
}
