import { StringDecoder } from 'node:string_decoder';

/** Turns chunks of bytes into lines, without their line ends; `end` gives a last line that has none. */
export function splitLines(onLine: (line: string) => void): { write(chunk: Buffer): void; end(): void } {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  return {
    write(chunk) {
      const lines = (rest + decoder.write(chunk)).split('\n');
      rest = lines.pop() ?? '';
      lines.forEach(onLine);
    },
    end() {
      const last = rest + decoder.end();
      rest = '';
      if (last !== '') onLine(last);
    },
  };
}
