import { describe, expect, it } from 'vitest';
import { failuresText } from '../../src/ui/failures-view.ts';
import { first, plainLook, second, stepError } from './samples.ts';

describe('failuresText', () => {
  it('is empty without failures', () => {
    expect(failuresText([], plainLook, false)).toBe('');
  });

  it('shows each failure with its evidence', () => {
    const failures = [
      { machine: first, error: stepError, evidence: '.spot/evidence/i-0aaaaaaaaaaaaaaa1.tar.gz' },
      { machine: second, error: stepError },
    ];
    expect(failuresText(failures, plainLook, false)).toBe(`\
[i-0aaaaaaaaaaaaaaa1 @ 203.0.113.7] us-west-2a
SPOT-E-STEP-FAILED  deployment/setup.sh ended with exit code 7 after 1.3 s.
  where deployment/setup.sh:3
  next  Mend it, then run \`spot create\` again.

  │ + apt-get install nothing
  │ E: Unable to locate package nothing
  │ + exit 7

  Evidence: .spot/evidence/i-0aaaaaaaaaaaaaaa1.tar.gz

[i-0bbbbbbbbbbbbbbb2] eu-central-1b
SPOT-E-STEP-FAILED  deployment/setup.sh ended with exit code 7 after 1.3 s.
  where deployment/setup.sh:3
  next  Mend it, then run \`spot create\` again.

  │ + apt-get install nothing
  │ E: Unable to locate package nothing
  │ + exit 7
`);
  });
});
