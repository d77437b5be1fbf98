import { inspect } from 'node:util';
import type { SpotError } from '../errors/spot-error.ts';
import { cleanLine, visibleText } from './safe-text.ts';
import type { Look } from './terminal.ts';

/** Causes further down are about sockets and parsers, not about what a person did. */
const deepestCause = 3;

/**
 * An error as a person reads it: code and what happened, where, why (the chain of causes), what to do, and the
 * evidence, such as the last lines of a log. `verbose` adds the stack of a defect.
 */
export function errorText(error: SpotError, { paint }: Pick<Look, 'paint'>, verbose = false): string {
  const field = (name: string, text: string) => `  ${paint.dim(name.padEnd(6))}${indented(text, 8)}`;
  const lines = [
    `${paint.red(paint.bold(error.code))}  ${indented(error.message, 2)}`,
    ...(error.where === undefined || error.message.includes(error.where)
      ? []
      : [field('where', error.where)]),
    ...causes(error).map((cause) => field('why', cause)),
    field('next', error.hint),
  ];
  if (error.evidence.length > 0) {
    lines.push('', ...error.evidence.map((line) => `  ${paint.dim('│')} ${cleanLine(line)}`));
  }
  if (verbose && error.code === 'SPOT-E-INTERNAL') {
    lines.push('', inspect(error.cause ?? error));
  }
  return `${lines.join('\n')}\n`;
}

/** Several errors, an empty line between them. */
export function errorsText(errors: readonly SpotError[], look: Pick<Look, 'paint'>, verbose = false): string {
  return errors.map((error) => errorText(error, look, verbose)).join('\n');
}

/** The document that `--json` prints when a command fails. */
export function errorDocument(errors: readonly SpotError[]) {
  return { schema: 'spot-deployer/error/v1', errors } as const;
}

function indented(text: string, columns: number): string {
  return text
    .split('\n')
    .map(visibleText)
    .join(`\n${' '.repeat(columns)}`);
}

/** The messages of the causes, without those that the message above or the evidence below already contains. */
function causes(error: SpotError): readonly string[] {
  const texts: string[] = [];
  let known = [error.message, ...error.evidence].join('\n');
  let cause = error.cause;
  for (let depth = 0; depth < deepestCause && cause instanceof Error; depth += 1) {
    const text = causeText(cause);
    if (text !== '' && !known.includes(text)) texts.push(text);
    known += text;
    cause = cause.cause;
  }
  return texts;
}

/** Of a system's error (`EACCES: permission denied, open '/x'`) without the call: what was being done is known. */
function causeText(cause: Error): string {
  const [line = ''] = cause.message.split('\n');
  const { code } = cause as NodeJS.ErrnoException;
  return code !== undefined && line.startsWith(`${code}: `) ? (line.split(',')[0] ?? '') : line;
}
