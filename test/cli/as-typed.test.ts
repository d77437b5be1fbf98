import { expect, test } from 'vitest';
import { asTyped } from '../../src/cli/as-typed.ts';

test.each([
  ['nothing was chosen', { local: false }, 'Run `spot destroy`.', 'Run `spot destroy`.'],
  ['the rehearsal cloud', { local: true }, 'Run `spot destroy`.', 'Run `spot destroy --local`.'],
  ['a folder', { local: true, project: 'my app' }, '`spot list`', "`spot list --local --project 'my app'`"],
  ['a file', { local: false, config: 'a.yaml' }, '`spot list`', '`spot list --config a.yaml`'],
  ['commands of the rehearsal cloud itself', { local: true }, '`spot local clean`', '`spot local clean`'],
  ['help', { local: true }, 'See `spot --help`.', 'See `spot --help`.'],
  [
    'several commands',
    { local: true },
    'Next: `spot logs i-1 -f`, `spot ssh i-1 -- df -h`',
    'Next: `spot logs i-1 -f --local`, `spot ssh i-1 --local -- df -h`',
  ],
  ['other words', { local: true }, 'spot machines, `spotless`', 'spot machines, `spotless`'],
  [
    'a folder with a replacement pattern',
    { local: false, project: '$&' },
    '`spot list`',
    "`spot list --project '$&'`",
  ],
])('%s', (_, options, text, expected) => {
  expect(asTyped(text, options)).toBe(expected);
});
