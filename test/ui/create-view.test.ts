import { describe, expect, it } from 'vitest';
import type { CreateResult } from '../../src/fleet/report.ts';
import { createText } from '../../src/ui/create-view.ts';
import { first, plainLook, readyRow, stepError } from './samples.ts';

const result: CreateResult = {
  schema: 'spot-deployer/create/v1',
  deployment: 'hello',
  release: '3f2a91c0d4e5',
  machines: [{ ...readyRow, endpoints: { 8080: '127.0.0.1:49153' } }],
  failures: [],
  seconds: 14.21,
  exitCode: 0,
};

describe('createText', () => {
  it('says what is ready, where it answers and what can be done next', () => {
    expect(createText(result, false, plainLook)).toBe(`\
✓ hello: 1 machine ready in 14.2 s (release 3f2a91c0d4e5)

  MACHINE              ZONE        TYPE      PHASE  ADDRESS      ENDPOINTS
  i-0aaaaaaaaaaaaaaa1  us-west-2a  t3.micro  ready  203.0.113.7  http://127.0.0.1:49153

Next: \`spot logs i-0aaaaaaaaaaaaaaa1 -f\`, \`spot ssh i-0aaaaaaaaaaaaaaa1\`, \`spot destroy\`
`);
  });

  it('says that detached machines are not done yet', () => {
    const machines = result.machines.map((row) => ({ ...row, phase: 'activating' as const }));
    expect(createText({ ...result, machines }, true, plainLook).split('\n')[0]).toBe(
      '✓ hello: 1 machine runs on alone after 14.2 s (release 3f2a91c0d4e5); `spot verify` tells when it is done',
    );
  });

  it('says how many failed', () => {
    const failures = [{ machine: first, error: stepError }];
    expect(createText({ ...result, machines: [], failures, exitCode: 1 }, false, plainLook)).toBe(
      '✗ hello: 0 machines ready, 1 failure after 14.2 s (release 3f2a91c0d4e5)\n',
    );
  });
});
