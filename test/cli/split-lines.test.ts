import { expect, it } from 'vitest';
import { splitLines } from '../../src/cli/split-lines.ts';

function split(chunks: readonly Buffer[]): readonly string[] {
  const lines: string[] = [];
  const splitter = splitLines((line) => lines.push(line));
  for (const chunk of chunks) splitter.write(chunk);
  splitter.end();
  return lines;
}

it('joins what a chunk cut, in a line and in a character', () => {
  const bytes = Buffer.from('grün\n\nlast');
  const chunks = [...bytes].map((byte) => Buffer.from([byte]));
  expect(split(chunks)).toEqual(['grün', '', 'last']);
});

it('makes no line of nothing', () => {
  expect(split([Buffer.from('a\n'), Buffer.alloc(0)])).toEqual(['a']);
});
