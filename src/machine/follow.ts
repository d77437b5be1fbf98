import { StringDecoder } from 'node:string_decoder';
import { type JournalLine, parseJournalLine } from './journal.ts';

/** What `runner follow` tells: a change of a step, a line that the running step printed, or that it is alive. */
export type FollowRecord =
  | { readonly type: 'journal'; readonly line: JournalLine }
  | { readonly type: 'output'; readonly step: string; readonly text: string }
  /** Sent every five seconds, so that each side notices when the other is gone. */
  | { readonly type: 'alive' }
  /** Not of the protocol: a message of sudo or of the login shell. */
  | { readonly type: 'noise'; readonly text: string };

/** Exit code of `runner follow` when the release is at no end and nothing works on it any more. */
export const exitRunnerGone = 11;

/**
 * Turns the bytes of `runner follow` into records. One line a record: `J <journal line>`, `O <step> <text>`, `P`.
 * Keeps count, so that a reader that was cut can go on with `followCommand(reader.next, reader.outputLines)`
 * and neither misses nor repeats a line.
 */
export class FollowReader {
  /** Number of the next journal line, counted from 1. */
  next: number;
  /** Output lines had from the step that runs. */
  outputLines: number;
  readonly #decoder = new StringDecoder('utf8');
  #rest = '';

  constructor(next = 1, outputLines = 0) {
    this.next = next;
    this.outputLines = outputLines;
  }

  /** The records that these bytes complete. What is left of a last, unfinished line waits for more. */
  push(chunk: Uint8Array): readonly FollowRecord[] {
    const lines = (this.#rest + this.#decoder.write(Buffer.from(chunk))).split('\n');
    this.#rest = lines.pop() ?? '';
    return lines.flatMap((line) => this.#read(line) ?? []);
  }

  /** To be called after a cut: the line that it left unfinished comes again from its beginning. */
  forgetUnfinished(): void {
    this.#decoder.end();
    this.#rest = '';
  }

  #read(line: string): FollowRecord | undefined {
    if (line === 'P') return { type: 'alive' };
    if (line.startsWith('O ')) {
      this.outputLines += 1;
      const [step = '', text] = splitOnce(line.slice(2), ' ');
      return { type: 'output', step, text };
    }
    if (line.startsWith('J ')) {
      this.next += 1;
      const entry = parseJournalLine(line.slice(2));
      if (entry === undefined) return undefined;
      if (entry.state === 'started') this.outputLines = 0;
      return { type: 'journal', line: entry };
    }
    return { type: 'noise', text: line };
  }
}

function splitOnce(text: string, separator: string): readonly [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + separator.length)];
}

/** The journal line to follow from, in what `runner activate` printed (`follow 12`); 1 where it does not say. */
export function readFollowFrom(printed: string): number {
  const [, line] = /^follow (\d+)$/m.exec(printed) ?? [];
  return line === undefined ? 1 : Number(line);
}
