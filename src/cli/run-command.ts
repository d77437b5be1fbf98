import type { EventView } from '../ui/event-view.ts';
import { lookOf } from '../ui/terminal.ts';
import { asTyped } from './as-typed.ts';
import { chooseView } from './choose-view.ts';
import type { CommandContext, Outcome } from './command-context.ts';
import type { CommandIo } from './command-io.ts';
import { errorsOf, watchInterruption } from './interruption.ts';
import type { GlobalOptions } from './open-fleet.ts';
import type { CommandCall } from './program.ts';
import { reportErrors } from './report-errors.ts';

/** However the process ends, the rows are gone before an error is written, and the cursor is back. */
const endings = ['uncaughtExceptionMonitor', 'beforeExit', 'exit'] as const;

/** Runs a parsed command: its progress to a view, its result to stdout, its errors to stderr. Answers the exit code. */
export async function runCommand(call: CommandCall, io: CommandIo): Promise<number> {
  const { spec, args, flags, options } = call;
  const view = chooseView(call, io);
  const interruption = watchInterruption(io, () =>
    view.emit({ type: 'notice', text: 'Stopping cleanly; Ctrl-C again leaves at once.' }),
  );
  const endView = () => view.end(false);
  for (const ending of endings) io.signals.on(ending, endView);
  try {
    const { run } = await spec.load();
    const outcome = await run(createContext(options, io, view, interruption.signal), args, flags);
    view.end(outcome.exitCode === 0);
    writeOutcome(outcome, options, io);
    const cutShort = interruption.reason() !== undefined && outcome.exitCode !== 0;
    return cutShort ? 130 : outcome.exitCode;
  } catch (thrown) {
    view.end(false);
    const reason = interruption.reason();
    if (reason === 'EPIPE') return 130;
    const exitCode = reportErrors(errorsOf(thrown, reason), io, options);
    return reason === undefined ? exitCode : 130;
  } finally {
    for (const ending of endings) io.signals.off(ending, endView);
    interruption.stopWatching();
  }
}

function createContext(
  options: GlobalOptions,
  io: CommandIo,
  view: EventView,
  signal: AbortSignal,
): CommandContext {
  return {
    options,
    io,
    signal,
    emit: (event) =>
      view.emit('text' in event && !options.json ? { ...event, text: asTyped(event.text, options) } : event),
    pauseProgress: view.pause,
    endProgress: () => view.end(true),
    write(chunk) {
      view.end(true);
      io.stdout.write(chunk);
    },
  };
}

function writeOutcome({ document, text, problems }: Outcome, options: GlobalOptions, io: CommandIo): void {
  const { json, color } = options;
  const look = (stream: CommandIo['stdout']) => lookOf(stream, io.environment, color, io.now());
  if (json && document !== undefined) io.stdout.write(`${JSON.stringify(document)}\n`);
  if (!json && text !== undefined) io.stdout.write(asTyped(text(look(io.stdout)), options));
  const trouble = asTyped(problems?.(look(io.stderr)) ?? '', options);
  // An empty line sets the errors off from the result above, where both are seen.
  if (trouble !== '') io.stderr.write(`\n${trouble}`);
}
