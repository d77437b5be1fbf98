import type { SpotError } from '../errors/spot-error.ts';
import type { MachineName } from '../fleet/events.ts';
import { errorText } from './error-view.ts';
import { machineLabel } from './machine-label.ts';
import type { Look } from './terminal.ts';

interface Failure {
  readonly machine: MachineName | undefined;
  readonly error: SpotError;
  readonly evidence?: string;
}

/** Every failure, under its machine: step, code and last log lines, and where the evidence is; empty without one. */
export function failuresText(failures: readonly Failure[], look: Look, verbose: boolean): string {
  return failures
    .map(({ machine, error, evidence }) => {
      const about =
        machine === undefined ? '' : `${machineLabel(machine)} ${machine.zone || machine.region}\n`;
      const saved = evidence === undefined ? '' : `\n  ${look.paint.dim('Evidence:')} ${evidence}\n`;
      return `${look.paint.bold(about)}${errorText(error, look, verbose)}${saved}`;
    })
    .join('\n');
}
