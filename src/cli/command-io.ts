import type { EventEmitter } from 'node:events';
import type { Environment, OutputStream } from '../ui/terminal.ts';

/** What a command has of the process around it, so that a test can give its own. */
export interface CommandIo {
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly environment: Environment;
  /** Emits signals (SIGINT, …) and how the process ends (exit, …), as `process` does. */
  readonly signals: EventEmitter;
  readonly exit: (code: number) => void;
  /** Asks a person, for whom Ctrl-C means no. Undefined where nobody can answer. */
  readonly ask: ((question: string, signal: AbortSignal) => Promise<boolean>) | undefined;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}
