import { toSpotErrors } from '../errors/spot-error.ts';
import type { CommandIo } from './command-io.ts';
import { reportErrors } from './report-errors.ts';

/** Reports what no command caught; the stack only with `--verbose`. Answers the exit code. */
export function reportDefect(thrown: unknown, argv: readonly string[], io: CommandIo): number {
  return reportErrors(toSpotErrors(thrown), io, {
    json: argv.includes('--json'),
    local: argv.includes('--local'),
    color: !argv.includes('--no-color'),
    verbose: argv.includes('--verbose'),
  });
}
