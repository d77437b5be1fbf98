import { CommanderError } from 'commander';
import type { CommandIo } from './command-io.ts';
import { buildProgram } from './program.ts';

/** Runs one command line and answers its exit code. Everything but parsing and help is loaded when needed. */
export async function main(argv: readonly string[], io: CommandIo): Promise<number> {
  let exitCode = 0;
  const output = {
    writeOut: (text: string) => io.stdout.write(text),
    writeErr: (text: string) => io.stderr.write(text),
    columns: io.stdout.columns,
  };
  const program = buildProgram(output, async (call) => {
    const { runCommand } = await import('./run-command.ts');
    exitCode = await runCommand(call, io);
  });
  try {
    await program.parseAsync(argv, { from: 'user' });
    return exitCode;
  } catch (thrown) {
    if (!(thrown instanceof CommanderError)) throw thrown;
    if (thrown.exitCode === 0) return 0;
    // No command at all: its help was printed (to stderr). 2, so that a script with an empty variable notices.
    if (thrown.code === 'commander.help') return 2;
    const { reportUsageError } = await import('./usage-error.ts');
    return reportUsageError(thrown, argv, io);
  }
}
