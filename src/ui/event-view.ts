import type { Emit } from '../fleet/events.ts';

/** A subscriber of a command's events. After `end` it draws nothing more and the terminal is as it was. */
export interface EventView {
  readonly emit: Emit;
  /** Takes everything that moves off the screen until the next event, so that a question can be asked. */
  pause(): void;
  /** The command is over, or its result is about to be written. Calling it again does nothing. */
  end(succeeded: boolean): void;
}

/** Shows nothing: `--quiet`, and `--json` of commands whose result is one document. */
export const silentView: EventView = { emit: () => undefined, pause: () => undefined, end: () => undefined };
