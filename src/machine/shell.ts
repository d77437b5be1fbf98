import { SpotError } from '../errors/spot-error.ts';

/** Characters that no shell gives a meaning to, wherever in a word they stand. `=` is not one: `A=b` assigns. */
const plainWord = /^[A-Za-z0-9_/:.,@%+-]+$/;

/** Words that are plain to look at but mean something when they open a command. */
const reservedWords = new Set(
  'case coproc do done elif else esac fi for function if in select then time until while'.split(' '),
);

/**
 * One value as one word of a POSIX shell: every byte of it arrives as it is. The only place that quotes for a
 * shell. Throws SPOT-E-INTERNAL for a value with a NUL, which no argument can carry.
 */
export function quoteShell(value: string): string {
  if (value.includes('\0')) {
    throw new SpotError('SPOT-E-INTERNAL', {
      message: `A value with a NUL byte cannot reach a shell: ${JSON.stringify(value)}`,
    });
  }
  if (plainWord.test(value) && !reservedWords.has(value)) return value;
  return `'${value.replaceAll("'", `'\\''`)}'`;
}

/** A program and its arguments as one shell command that runs exactly these words. */
export function shellCommand(argv: readonly string[]): string {
  return argv.map(quoteShell).join(' ');
}
