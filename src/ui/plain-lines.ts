import type { FleetEvent } from '../fleet/events.ts';
import { eventLine, outputLine } from './event-line.ts';
import type { EventView } from './event-view.ts';
import { machineLabel } from './machine-label.ts';
import type { Paint } from './paint.ts';
import { phaseCounts } from './phase-style.ts';
import { advance, noProgress, type Progress } from './progress-model.ts';
import { byteSize, elapsed } from './quantities.ts';
import { firstLine } from './safe-text.ts';
import type { OutputStream } from './terminal.ts';

export interface PlainLinesOptions {
  readonly paint: Paint;
  readonly now: () => number;
  /** Also write every line that a step prints. */
  readonly verbose: boolean;
  /** Write only notices, warnings and failures: for commands whose result comes in a moment. */
  readonly brief: boolean;
}

/** A reader of a log takes a longer silence for a hang. */
const heartbeat = 30_000;

/** One line an event, for pipes and logs: nothing is ever taken back, and no silence lasts over half a minute. */
export function plainLines(stream: OutputStream, options: PlainLinesOptions): EventView {
  const startedAt = options.now();
  let progress: Progress = noProgress;
  let ended = false;

  const write = (line: string | undefined) => {
    if (line === undefined) return;
    stream.write(`${line}\n`);
    alarm.refresh();
  };
  const beat = () => write(stillRunning(progress, options.now() - startedAt));
  const alarm = setTimeout(beat, heartbeat).unref();

  return {
    emit(event) {
      if (ended) return;
      const before = progress;
      progress = advance(progress, event, options.now());
      write(lineOf(event, before, options));
    },
    pause: () => undefined,
    end() {
      ended = true;
      clearTimeout(alarm);
    },
  };
}

function lineOf(event: FleetEvent, before: Progress, { paint, verbose, brief }: PlainLinesOptions) {
  switch (event.type) {
    case 'notice':
    case 'warning':
    case 'failure':
      return eventLine(event, paint);
    case 'output':
      return verbose ? outputLine(event, paint) : undefined;
    case 'upload':
      return brief ? undefined : uploadLine(event, before.machines.get(event.machine.id)?.upload?.sent);
    case 'machine': {
      const known = before.machines.get(event.machine.id);
      const news = known?.phase !== event.phase || known.doing !== firstLine(event.detail ?? '');
      return brief || !news ? undefined : eventLine(event, paint);
    }
    default:
      return brief ? undefined : eventLine(event, paint);
  }
}

/** A line each time another quarter has arrived. */
function uploadLine({ machine, sent, total }: Extract<FleetEvent, { type: 'upload' }>, sentBefore = 0) {
  const quarters = (bytes: number) => (total === 0 ? 4 : Math.floor((4 * bytes) / total));
  if (quarters(sent) <= quarters(sentBefore)) return undefined;
  return `${machineLabel(machine)} uploaded ${25 * quarters(sent)}% of ${byteSize(total)}`;
}

function stillRunning({ machines, stage }: Progress, milliseconds: number): string {
  const phases = phaseCounts([...machines.values()].map(({ phase }) => phase));
  const what = [stage?.text, phases].filter((text) => text !== undefined && text !== '').join(': ');
  return `still running after ${elapsed(milliseconds)}${what === '' ? '' : ` (${what})`}`;
}
