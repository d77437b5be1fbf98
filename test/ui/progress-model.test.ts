import { describe, expect, it } from 'vitest';
import { advance, noProgress } from '../../src/ui/progress-model.ts';
import { failingRun, first } from './samples.ts';

const at = (events: number) =>
  failingRun.slice(0, events).reduce((sum, event, n) => advance(sum, event, n * 1000), noProgress);

describe('advance', () => {
  it('knows a machine from the moment it was launched', () => {
    expect(at(2).machines.get(first.id)).toMatchObject({ phase: 'launching', seenAt: 1000, since: 1000 });
  });

  it('takes the address when it becomes known', () => {
    expect(at(3).machines.get(first.id)?.machine.address).toBe('203.0.113.7');
  });

  it('measures an upload from where it began', () => {
    const resumed = advance(at(5), { type: 'upload', machine: first, sent: 500, total: 1000 }, 5_000);
    const later = advance(resumed, { type: 'upload', machine: first, sent: 700, total: 1000 }, 6_000);
    expect(later.machines.get(first.id)?.upload).toEqual({
      sent: 700,
      total: 1000,
      from: 500,
      startedAt: 5_000,
    });
  });

  it('forgets the upload and the last line when the phase changes', () => {
    expect(at(10).machines.get(first.id)).toMatchObject({
      phase: 'activating',
      upload: undefined,
      since: 9_000,
    });
  });

  it('says what a step does, and its last line', () => {
    expect(at(12).machines.get(first.id)).toMatchObject({
      doing: 'deployment/setup.sh',
      lastLine: '+ exit 7',
    });
  });

  it('keeps the last line that had something to show', () => {
    const blank = advance(at(12), { type: 'output', machine: first, step: 'setup', line: ' \r' }, 12_000);
    expect(blank.machines.get(first.id)?.lastLine).toBe('+ exit 7');
  });

  it('says how a step and a machine failed', () => {
    expect(at(13).machines.get(first.id)?.doing).toBe('deployment/setup.sh: failed with exit code 7');
    expect(at(14).machines.get(first.id)).toMatchObject({
      phase: 'failed',
      doing: 'deployment/setup.sh ended with exit code 7 after 1.3 s.',
    });
  });

  it('does not change the progress it was given', () => {
    const before = at(5);
    const copy = structuredClone([...before.machines]);
    advance(before, { type: 'machine', machine: first, phase: 'ready' }, 99_000);
    expect([...before.machines]).toEqual(copy);
  });
});
