import { describe, expect, it } from 'vitest';
import { clip, displayWidth, padEnd, padStart } from '../../src/ui/display-width.ts';

describe('clip', () => {
  it.each([
    ['hello', 5, 'hello'],
    ['hello!', 5, 'hell…'],
    ['● hello', 5, '● he…'],
    ['日本語', 5, '日本…'],
    ['日本語', 4, '日…'],
    ['hello', 1, '…'],
    ['hello', 0, ''],
  ])('clips %s to %d columns', (text, columns, clipped) => {
    expect(clip(text, columns)).toBe(clipped);
    expect(displayWidth(clip(text, columns))).toBeLessThanOrEqual(columns);
  });

  it('closes a style that it cut', () => {
    expect(clip('\u001b[31mhello world\u001b[39m', 6)).toBe('\u001b[31mhello…\u001b[0m');
  });
});

describe('padding', () => {
  it('counts columns, not characters', () => {
    expect([
      padEnd('日本', 6),
      padStart('日本', 6),
      padEnd('\u001b[1mx\u001b[22m', 3),
      padEnd('long', 2),
    ]).toEqual(['日本  ', '  日本', '\u001b[1mx\u001b[22m  ', 'long']);
  });
});
