import { EventEmitter } from 'node:events';
import type { OutputStream } from '../../src/ui/terminal.ts';

/** An output stream that keeps what was written, as a pipe or as a terminal of a given size. */
export class RecordedStream extends EventEmitter implements OutputStream {
  readonly isTTY: boolean;
  columns: number | undefined;
  rows: number | undefined;
  text = '';

  constructor(size?: { columns: number; rows: number }) {
    super();
    this.isTTY = size !== undefined;
    this.columns = size?.columns;
    this.rows = size?.rows;
  }

  write(chunk: string | Uint8Array): boolean {
    this.text += Buffer.from(chunk as Uint8Array).toString('utf8');
    return true;
  }

  get lines(): readonly string[] {
    return this.text.split('\n').slice(0, -1);
  }
}
