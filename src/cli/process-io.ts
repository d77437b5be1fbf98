import { isatty } from 'node:tty';
import type { CommandIo } from './command-io.ts';

let writeError: NodeJS.ErrnoException | undefined;

/** The real process. A broken pipe (`spot list | head`) ends quietly; any other failure to write is remembered. */
export function processIo(): CommandIo {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') writeError ??= error;
  });
  // Nobody reads the progress (the terminal was closed): the work itself goes on.
  process.stderr.on('error', () => undefined);
  return {
    stdout: process.stdout,
    stderr: process.stderr,
    environment: process.env,
    signals: process,
    exit: (code) => process.exit(code),
    // Not process.stdin.isTTY: merely looking at process.stdin opens it.
    ask: isatty(0) && isatty(2) ? askOnTerminal : undefined,
    now: Date.now,
  };
}

async function askOnTerminal(question: string, signal: AbortSignal): Promise<boolean> {
  const { confirm, isCancel } = await import('@clack/prompts');
  const answer = await confirm({ message: question, initialValue: false, output: process.stderr, signal });
  return !isCancel(answer) && answer;
}

/**
 * Exits when everything was written. Without it a connection that the SDK keeps alive would hold the process.
 * A result that could not be written (a full disk) is a failure even when the command did its work.
 */
export async function leave(exitCode: number): Promise<never> {
  for (const stream of [process.stdout, process.stderr]) {
    await new Promise<void>((resolve) => stream.write('', () => resolve()));
  }
  if (writeError !== undefined) {
    process.stderr.write(`The result could not be written to stdout: ${writeError.message}\n`);
  }
  process.exit(writeError !== undefined && exitCode === 0 ? 1 : exitCode);
}
