import { expect, it } from 'vitest';
import { parseDuration } from '../../src/config/duration.ts';

it.each([
  ['1s', 1],
  ['90s', 90],
  ['30m', 1800],
  ['12h', 43_200],
  ['2d', 172_800],
  ['007m', 420],
])('%s is %i seconds', (text, seconds) => {
  expect(parseDuration(text)).toBe(seconds);
});

it.each(['', '30', 'm', '0m', '-1m', '1.5h', '1 h', '1H', '1w', '1h30m', '99999999s', ' 1h', '1h\n'])(
  '%j is none',
  (text) => {
    expect(parseDuration(text)).toBeUndefined();
  },
);
