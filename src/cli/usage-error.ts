import type { CommanderError } from 'commander';
import { SpotError } from '../errors/spot-error.ts';
import type { CommandIo } from './command-io.ts';
import { reportErrors } from './report-errors.ts';

/** Reports wrong usage like every other error. The arguments could not be parsed, so `--json` is looked for by hand. */
export function reportUsageError(error: CommanderError, argv: readonly string[], io: CommandIo): number {
  const end = argv.indexOf('--');
  const options = end === -1 ? argv : argv.slice(0, end);
  return reportErrors([usageError(error.message)], io, {
    json: options.includes('--json'),
    local: options.includes('--local'),
    color: !options.includes('--no-color'),
    verbose: false,
  });
}

/** Commander says `error: unknown option '--loca'` and, on a line of its own, `(Did you mean --local?)`. */
function usageError(text: string): SpotError {
  const [first = '', suggestion] = text.replace(/^error: /u, '').split('\n');
  const message = first.slice(0, 1).toUpperCase() + first.slice(1);
  if (suggestion === undefined) return new SpotError('SPOT-E-USAGE', { message });
  return new SpotError('SPOT-E-USAGE', { message, hint: suggestion.replace(/^\(|\)$/gu, '') });
}
