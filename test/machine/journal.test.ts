import { describe, expect, it } from 'vitest';
import { type JournalLine, parseJournalLine } from '../../src/machine/journal.ts';

const line: JournalLine = {
  at: '2026-01-02T03:04:05.678Z',
  release: '0a1b2c3d4e5f',
  boot: 'b',
  step: 'setup',
  state: 'failed',
  seconds: 1.5,
  exit: 7,
  reason: 'said "no"',
  log: '/var/log/spot/setup.log',
};

describe('parseJournalLine', () => {
  it('reads a line', () => {
    expect(parseJournalLine(JSON.stringify(line))).toEqual(line);
  });

  it.each([
    ['a line cut short', JSON.stringify(line).slice(0, 40)],
    ['an empty line', ''],
    ['other JSON', '[1]'],
    ['null', 'null'],
    ['an unknown state', JSON.stringify({ ...line, state: 'perhaps' })],
    ['a missing field', JSON.stringify({ ...line, boot: undefined })],
    ['an exit code that is no number', JSON.stringify({ ...line, exit: '7' })],
  ])('is undefined for %s', (_, text) => {
    expect(parseJournalLine(text)).toBeUndefined();
  });
});
