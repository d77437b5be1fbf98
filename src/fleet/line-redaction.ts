import { StringDecoder } from 'node:string_decoder';
import type { Redact } from './redaction.ts';

/** Redacts a stream line by line, so that a secret cut in two by a chunk boundary does not slip through. */
export class LineRedaction {
  readonly #redact: Redact;
  readonly #write: (chunk: Buffer) => void;
  readonly #decoder = new StringDecoder('utf8');
  #rest = '';

  constructor(redact: Redact, write: (chunk: Buffer) => void) {
    this.#redact = redact;
    this.#write = write;
  }

  push(chunk: Buffer): void {
    const text = this.#rest + this.#decoder.write(chunk);
    const end = text.lastIndexOf('\n') + 1;
    this.#rest = text.slice(end);
    if (end > 0) this.#write(Buffer.from(this.#redact(text.slice(0, end))));
  }

  /** Writes what is left of a last line without an end. */
  end(): void {
    const rest = this.#rest + this.#decoder.end();
    this.#rest = '';
    if (rest !== '') this.#write(Buffer.from(this.#redact(rest)));
  }
}
