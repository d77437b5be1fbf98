import { describe, expect, it } from 'vitest';
import type { VerifyReport } from '../../src/fleet/report.ts';
import { tapText } from '../../src/ui/tap.ts';
import { verifyText } from '../../src/ui/verify-view.ts';
import { plainLook } from './samples.ts';

const done = { n: 1, id: 'cloud-init', ok: true, expected: 'done', actual: 'done', hint: '' };
const report: VerifyReport = {
  schema: 'spot-deployer/verify/v1',
  ok: false,
  machines: [
    { id: 'i-1', checks: [done] },
    {
      id: 'i-2',
      checks: [
        done,
        {
          n: 2,
          id: 'file/a #1',
          ok: false,
          expected: 'mode 0600',
          actual: 'mode 0644\n"odd"',
          hint: 'Run `spot create` again.',
        },
      ],
    },
  ],
};

describe('verifyText', () => {
  it('shows every check, and what to do about those that fail', () => {
    expect(verifyText(report, plainLook)).toBe(`\
[i-1]  1 check, all hold
  N     CHECK       FOUND
  1  ✓  cloud-init  done

[i-2]  1 of 2 checks failed
  N     CHECK       FOUND
  1  ✓  cloud-init  done
  2  ✗  file/a #1   mode 0644\\n"odd"

  ✗ 2  file/a #1
    expected  mode 0600
    found     mode 0644\\n"odd"
    next      Run \`spot create\` again.

1 of 2 machines failed verification.
`);
  });

  it('ends with the verdict when all is well', () => {
    const well = { ...report, ok: true, machines: report.machines.slice(0, 1) };
    expect(verifyText(well, plainLook)).toMatch(/\n\n1 machine verified: every check holds\.\n$/u);
  });

  it('does not call nothing a success', () => {
    expect(verifyText({ ...report, ok: true, machines: [] }, plainLook)).toBe(
      'No machines to verify. `spot create` launches them.\n',
    );
  });
});

describe('tapText', () => {
  it('is TAP 14 with a subtest a machine', () => {
    expect(tapText(report)).toBe(`\
TAP version 14
1..2
# Subtest: i-1
    1..1
    ok 1 - cloud-init
ok 1 - i-1
# Subtest: i-2
    1..2
    ok 1 - cloud-init
    not ok 2 - file/a \\#1
      ---
      expected: "mode 0600"
      actual: "mode 0644\\n\\"odd\\""
      hint: "Run \`spot create\` again."
      ...
not ok 2 - i-2
`);
  });
});
