import { describe, expect, it } from 'vitest';
import { isColoured, isLiveTerminal } from '../../src/ui/terminal.ts';
import { RecordedStream } from './recorded-stream.ts';

const pipe = new RecordedStream();
const terminal = new RecordedStream({ columns: 80, rows: 24 });

describe('isColoured', () => {
  it.each([
    ['a terminal', terminal, {}, true, true],
    ['a pipe', pipe, {}, true, false],
    ['a terminal with --no-color', terminal, { FORCE_COLOR: '1' }, false, false],
    ['a terminal with NO_COLOR', terminal, { NO_COLOR: '1' }, true, false],
    ['a terminal with an empty NO_COLOR', terminal, { NO_COLOR: '' }, true, true],
    ['a pipe with FORCE_COLOR', pipe, { FORCE_COLOR: '1' }, true, true],
    ['a terminal with FORCE_COLOR=0', terminal, { FORCE_COLOR: '0' }, true, false],
    ['a dumb terminal', terminal, { TERM: 'dumb' }, true, false],
  ])('%s', (_, stream, environment, allowed, coloured) => {
    expect(isColoured(stream, environment, allowed)).toBe(coloured);
  });
});

describe('isLiveTerminal', () => {
  it('needs a terminal that can move its cursor', () => {
    expect([
      isLiveTerminal(terminal, { TERM: 'xterm' }),
      isLiveTerminal(terminal, { TERM: 'dumb' }),
      isLiveTerminal(pipe, { TERM: 'xterm' }),
    ]).toEqual([true, false, false]);
  });
});
