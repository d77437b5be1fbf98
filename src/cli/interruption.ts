import { SpotError, toSpotErrors } from '../errors/spot-error.ts';
import type { CommandIo } from './command-io.ts';

/** Watches for the wish to end the command early. */
export interface Interruption {
  /** Aborted by the first Ctrl-C (SIGINT, SIGTERM, SIGHUP), or when nobody reads stdout any more. */
  readonly signal: AbortSignal;
  /** What came; undefined while nothing has. `EPIPE`: the reader of stdout is gone. */
  readonly reason: () => string | undefined;
  readonly stopWatching: () => void;
}

const signalNames = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** The first signal aborts, so that the command ends cleanly; the second exits at once. */
export function watchInterruption(io: CommandIo, onFirst: () => void): Interruption {
  const controller = new AbortController();
  let reason: string | undefined;

  const interrupt = (name: string) => {
    if (reason !== undefined) return;
    reason = name;
    onFirst();
    controller.abort(interruptedBy(name));
  };
  const onSignal = (name: string) => {
    if (reason === undefined) interrupt(name);
    else io.exit(130);
  };
  const onOutputError = (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') interrupt('EPIPE');
  };

  for (const name of signalNames) io.signals.on(name, onSignal);
  io.stdout.on('error', onOutputError);
  return {
    signal: controller.signal,
    reason: () => reason,
    stopWatching() {
      for (const name of signalNames) io.signals.off(name, onSignal);
      io.stdout.off('error', onOutputError);
    },
  };
}

/**
 * The errors to report for what a command threw. After an interruption, whatever was cut off by it (an aborted
 * request, a closed connection) is the interruption and no defect; errors of ours that came of it are kept.
 */
export function errorsOf(thrown: unknown, reason: string | undefined): readonly SpotError[] {
  const errors = toSpotErrors(thrown);
  if (reason === undefined || errors.some(({ code }) => code === 'SPOT-E-INTERRUPTED')) return errors;
  return [interruptedBy(reason), ...errors.filter(({ code }) => code !== 'SPOT-E-INTERNAL')];
}

function interruptedBy(name: string): SpotError {
  return new SpotError('SPOT-E-INTERRUPTED', { message: `Interrupted by ${name}.` });
}
