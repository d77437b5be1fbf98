import { type EventView, silentView } from '../ui/event-view.ts';
import { jsonLines } from '../ui/json-lines.ts';
import { liveRows } from '../ui/live-rows.ts';
import { createPaint } from '../ui/paint.ts';
import { plainLines } from '../ui/plain-lines.ts';
import { isColoured, isLiveTerminal } from '../ui/terminal.ts';
import type { CommandIo } from './command-io.ts';
import type { CommandCall } from './program.ts';

/** How a command's progress is shown: JSON lines, nothing, live rows, or plain lines. */
export function chooseView({ spec, flags, options }: CommandCall, io: CommandIo): EventView {
  const { stdout, stderr, environment, now } = io;
  if (options.json) return spec.jsonEvents?.(flags) === true ? jsonLines(stdout, now) : silentView;
  if (options.quiet) return silentView;
  const paint = createPaint(isColoured(stderr, environment, options.color));
  const { verbose } = options;
  return isLiveTerminal(stderr, environment)
    ? liveRows(stderr, { paint, now, verbose, keepStages: spec.progress === 'lasting' })
    : plainLines(stderr, { paint, now, verbose, brief: spec.progress === 'passing' });
}
