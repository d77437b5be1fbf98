import { describe, expect, it } from 'vitest';
import { byteSize, count, duration, elapsed } from '../../src/ui/quantities.ts';

describe('duration', () => {
  it.each([
    [0, '0.0 s'],
    [4_249, '4.2 s'],
    [59_940, '59.9 s'],
    [59_970, '1 min'],
    [190_000, '3 min 10 s'],
    [2 * 3_600_000 + 5 * 60_000, '2 h 5 min'],
    [76 * 3_600_000, '3 d 4 h'],
    [-5, '0.0 s'],
  ])('says %d ms as %s', (milliseconds, text) => expect(duration(milliseconds)).toBe(text));
});

describe('elapsed', () => {
  it.each([
    [999, '0 s'],
    [59_999, '59 s'],
    [61_999, '1 min 1 s'],
  ])('says %d ms as %s', (milliseconds, text) => expect(elapsed(milliseconds)).toBe(text));
});

describe('byteSize', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1_000, '1.0 kB'],
    [999_949, '999.9 kB'],
    [999_999, '1.0 MB'],
    [12_345_678, '12.3 MB'],
    [314_572_800, '314.6 MB'],
    [5e15, '5000.0 TB'],
  ])('says %d as %s', (bytes, text) => expect(byteSize(bytes)).toBe(text));
});

describe('count', () => {
  it('agrees in number', () => {
    expect([count(0, 'machine'), count(1, 'machine'), count(20_000, 'file')]).toEqual([
      '0 machines',
      '1 machine',
      '20,000 files',
    ]);
  });
});
