import { layout } from './layout.ts';
import { shellCommand } from './shell.ts';

/** What the controller runs on a machine, as command lines for the login user's shell. */
function runner(...words: readonly string[]): string {
  return shellCommand(['sudo', '-n', layout.runner, ...words]);
}

/** Makes a delivered release the active one and starts its steps; returns at once. Safe to repeat. */
export function activateCommand(release: string): string {
  return runner('activate', release);
}

/**
 * Streams journal lines from line `from` (1-based) and the running step's output; see follow.ts for the lines.
 * `skipOutput` lines of the running step's output are left out, for a reader that was cut and has them.
 */
export function followCommand(from: number, skipOutput = 0): string {
  return runner('follow', String(from), String(skipOutput));
}

/** One line of JSON about the machine's phase and health; see report.ts. */
export function reportCommand(): string {
  return runner('report');
}

/** Everything that the check list judges; see facts.ts. */
export function factsCommand(): string {
  return runner('facts');
}

/** The log of a step, or of `deploy` (all steps) or `cloud-init`; with `follow`, what is added to it as well. */
export function logCommand(step: string, follow = false): string {
  return runner('log', step, ...(follow ? ['--follow'] : []));
}

/** A tar.gz on stdout with what a person needs to find out why. Holds no content of the release. */
export function evidenceCommand(): string {
  return runner('evidence');
}
