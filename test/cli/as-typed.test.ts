import { expect, test } from 'vitest';
import { asTyped } from '../../src/cli/as-typed.ts';

test.each([
  ['nothing was chosen', { local: false }, 'Run `spot destroy`.', 'Run `spot destroy`.'],
  ['the rehearsal cloud', { local: true }, 'Run `spot destroy`.', 'Run `spot --local destroy`.'],
  ['a folder', { local: true, project: 'my app' }, '`spot list`', "`spot --local --project 'my app' list`"],
  ['a file', { local: false, config: 'a.yaml' }, '`spot list`', '`spot --config a.yaml list`'],
  ['commands of the rehearsal cloud itself', { local: true }, '`spot local clean`', '`spot local clean`'],
  ['help', { local: true }, 'See `spot --help`.', 'See `spot --help`.'],
  ['other words', { local: true }, 'spot machines, `spotless`', 'spot machines, `spotless`'],
  [
    'a folder with a replacement pattern',
    { local: false, project: '$&' },
    '`spot list`',
    "`spot --project '$&' list`",
  ],
])('%s', (_, options, text, expected) => {
  expect(asTyped(text, options)).toBe(expected);
});
