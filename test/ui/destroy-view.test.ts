import { describe, expect, it } from 'vitest';
import { destroyText, remainsText } from '../../src/ui/destroy-view.ts';
import { plainLook } from './samples.ts';

const result = {
  schema: 'spot-deployer/destroy/v1',
  deployments: ['hello'],
  terminated: ['i-1', 'i-2'],
  removed: ['security group sg-1 in us-west-2'],
  remains: [] as readonly string[],
  exitCode: 0,
} as const;

describe('destroyText', () => {
  it('names everything that is gone', () => {
    expect(destroyText(result, plainLook)).toBe(`\
✓ hello: 2 machines terminated, 1 resource removed; nothing is left
  terminated  i-1
  terminated  i-2
  removed     security group sg-1 in us-west-2
`);
  });

  it('says how many go on when machines were named', () => {
    expect(destroyText({ ...result, removed: [], kept: ['i-3'] }, plainLook)).toBe(`\
✓ hello: 2 machines terminated; 1 machine left
  terminated  i-1
  terminated  i-2
`);
  });

  it('says when nothing was there', () => {
    expect(destroyText({ ...result, terminated: [], removed: [] }, plainLook)).toBe(
      'hello: nothing to destroy.\n',
    );
  });
});

describe('remainsText', () => {
  it('is empty when nothing is left', () => {
    expect(remainsText(result, plainLook)).toBe('');
  });

  it('names what is left', () => {
    expect(remainsText({ ...result, remains: ['volume vol-1 in us-west-2'], exitCode: 3 }, plainLook)).toBe(`\
SPOT-E-DESTROY-REMAINS  1 resource could not be removed.
  next  Run \`spot destroy\` again; it goes on where this one stopped.

  │ volume vol-1 in us-west-2
`);
  });
});
