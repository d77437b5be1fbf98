import { type Document, LineCounter, parseDocument, visit } from 'yaml';
import { SpotError, SpotErrors } from '../errors/spot-error.ts';
import type { ConfigSource } from './config-source.ts';
import { tooDeep } from './yaml-depth.ts';
import { offsetOf } from './yaml-position.ts';

/** Nobody writes so much by hand, and the parser's memory grows with it. */
const maximumBytes = 256 * 1024;
/** Aliases may repeat values this often before they are taken for an attack (a "billion laughs" file). */
const maximumAliases = 100;

/**
 * Reads YAML 1.2 and keeps the position of every node.
 *
 * @param name the file's name in messages
 * @throws SpotErrors with a SPOT-E-CONFIG-SYNTAX, with line and column where there are any, for each mistake
 */
export function readYaml(bytes: Uint8Array, name: string): ConfigSource {
  const text = decode(bytes, name);
  const lines = new LineCounter();
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return `${name}:${line}:${col}`;
  };
  const deep = tooDeep(text, lines.addNewLine);
  if (deep !== undefined) throw new SpotErrors([syntaxError(at(deep), 'It is nested too deeply')]);
  const document = parseDocument(text, { prettyErrors: false });
  const mistakes = findMistakes(document);
  if (mistakes.length > 0) {
    throw new SpotErrors(mistakes.map(({ message, offset }) => syntaxError(at(offset), message)));
  }
  return {
    values: toValues(document, name),
    locate: (path, part) => at(offsetOf(document, path, part)),
  };
}

interface Mistake {
  readonly message: string;
  readonly offset: number;
}

function findMistakes(document: Document.Parsed): readonly Mistake[] {
  // A warning is about a tag that means nothing to the parser, and so about a value that is not what it says.
  const mistakes = [...document.errors, ...document.warnings].map(
    ({ code, message, pos: [offset] }): Mistake =>
      code === 'MULTIPLE_DOCS'
        ? { message: 'The file holds more than one document', offset }
        : { message, offset },
  );
  visit(document, {
    Alias(_, alias) {
      if (alias.resolve(document) !== undefined) return;
      const message = `There is no anchor &${alias.source} above this alias`;
      mistakes.push({ message, offset: alias.range?.[0] ?? 0 });
    },
  });
  return mistakes;
}

function decode(bytes: Uint8Array, name: string): string {
  if (bytes.length > maximumBytes) {
    throw new SpotErrors([syntaxError(name, 'The file is larger than 256 KB')]);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new SpotErrors([syntaxError(name, 'The file is not UTF-8')]);
  }
}

function toValues(document: Document.Parsed, name: string): unknown {
  try {
    return document.toJS({ maxAliasCount: maximumAliases }) ?? {};
  } catch (error) {
    // The one thing that is found only here: aliases that repeat too much.
    if (!(error instanceof ReferenceError)) throw error;
    throw new SpotErrors([syntaxError(name, 'Its aliases repeat too much')]);
  }
}

function syntaxError(where: string, message: string): SpotError {
  return new SpotError('SPOT-E-CONFIG-SYNTAX', { message: `${message.replace(/\.$/, '')}.`, where });
}
