import type { SpotError } from '../errors/spot-error.ts';
import { errorDocument, errorsText } from '../ui/error-view.ts';
import { lookOf } from '../ui/terminal.ts';
import { asTyped } from './as-typed.ts';
import type { CommandIo } from './command-io.ts';
import type { GlobalOptions } from './open-fleet.ts';

/** Writes errors for a person to stderr and, with `--json`, for a script to stdout; answers the exit code. */
export function reportErrors(
  errors: readonly SpotError[],
  io: CommandIo,
  options: Omit<GlobalOptions, 'yes' | 'quiet'>,
): number {
  if (options.json) io.stdout.write(`${JSON.stringify(errorDocument(errors))}\n`);
  const look = lookOf(io.stderr, io.environment, options.color, io.now());
  io.stderr.write(asTyped(errorsText(errors, look, options.verbose), options));
  return Math.max(...errors.map(({ exitCode }) => exitCode));
}
