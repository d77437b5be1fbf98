import type { Emit } from '../fleet/events.ts';
import type { Fleet } from '../fleet/fleet.ts';
import type { Look } from '../ui/terminal.ts';
import type { CommandIo } from './command-io.ts';
import type { Flags } from './command-spec.ts';
import type { GlobalOptions } from './open-fleet.ts';

/** What a handler works with. */
export interface CommandContext {
  readonly options: GlobalOptions;
  readonly io: CommandIo;
  readonly signal: AbortSignal;
  readonly emit: Emit;
  /** Takes the progress off the screen until the next event, for a question. */
  readonly pauseProgress: () => void;
  /** Takes the progress off the screen for good: the terminal belongs to something else now. */
  readonly endProgress: () => void;
  /** Writes to stdout at once, for results that come bit by bit. */
  readonly write: (chunk: string | Uint8Array) => void;
}

/** How a command ended. What is written where is decided in one place, by `run-command.ts`. */
export interface Outcome {
  readonly exitCode: number;
  /** The document that `--json` prints. */
  readonly document?: object;
  /** The result for a person, on stdout. */
  readonly text?: (look: Look) => string;
  /** What went wrong although the command came to its end, on stderr. */
  readonly problems?: (look: Look) => string;
}

export type CommandHandler = (
  context: CommandContext,
  args: readonly string[],
  flags: Flags,
) => Promise<Outcome>;

/** Opens the project's fleet for a use case, and closes it however that ends. */
export async function withFleet<Result>(
  { options, emit, signal }: CommandContext,
  use: (fleet: Fleet) => Promise<Result>,
): Promise<Result> {
  const { openFleet } = await import('./open-fleet.ts');
  const { fleet, close } = await openFleet(options, emit, signal);
  try {
    return await use(fleet);
  } finally {
    await close();
  }
}
