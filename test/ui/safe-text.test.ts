import { describe, expect, it } from 'vitest';
import { cleanLine, firstLine, visibleText } from '../../src/ui/safe-text.ts';

describe('cleanLine', () => {
  it.each([
    ['colours', '\u001b[1;32mok\u001b[0m done', 'ok done'],
    ['window titles', '\u001b]0;owned\u0007text', 'text'],
    ['cursor movement', 'a\u001b[2J\u001b[10;1Hb', 'ab'],
    ['bells and backspaces', 'a\u0007b\u0008c', 'abc'],
    ['8-bit controls', 'a\u009bb', 'ab'],
    ['bidirectional overrides', 'a\u202eb', 'ab'],
    ['tabs', 'a\tb', 'a  b'],
  ])('removes %s', (_, line, clean) => expect(cleanLine(line)).toBe(clean));

  it('keeps the last state of a line that redraws itself', () => {
    expect(cleanLine('10%\r55%\r100%\r')).toBe('100%');
  });
});

describe('visibleText', () => {
  it('writes control characters out', () => {
    expect(visibleText('a\nb\u001b[31m\u007f\u202ec')).toBe('a\\nb\\u001b[31m\\u007f\\u202ec');
  });

  it('leaves every other character alone', () => {
    expect(visibleText('-rf \'ü\' "日本" $x \\')).toBe('-rf \'ü\' "日本" $x \\');
  });
});

describe('firstLine', () => {
  it('drops what follows', () => expect(firstLine('one\ntwo')).toBe('one'));
});
