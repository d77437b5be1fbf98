import { describe, expect, it } from 'vitest';
import type { MachinePhase } from '../../src/fleet/events.ts';
import { displayWidth } from '../../src/ui/display-width.ts';
import { createPaint } from '../../src/ui/paint.ts';
import { advance, noProgress, type Progress } from '../../src/ui/progress-model.ts';
import { progressRows } from '../../src/ui/progress-rows.ts';
import { failingRun, first, second } from './samples.ts';

const plain = createPaint(false);
const progressAfter = (events: number) =>
  failingRun.slice(0, events).reduce((sum, event) => advance(sum, event, 0), noProgress);

/** Machines `i-1`, `i-2`, … in the given phases. */
function fleetOf(phases: readonly MachinePhase[]): Progress {
  return phases.reduce<Progress>(
    (sum, phase, n) => advance(sum, { type: 'machine', machine: { ...first, id: `i-${n + 1}` }, phase }, 0),
    noProgress,
  );
}

describe('progressRows', () => {
  it('shows the stage and a row a machine', () => {
    const progress = advance(
      progressAfter(12),
      { type: 'machine', machine: second, phase: 'booting', detail: 'pending' },
      0,
    );
    expect(progressRows(progress, 65_000, 140, 24, plain)).toEqual([
      '● Setting up 2 machines  1 min 5 s',
      '  ● [i-0aaaaaaaaaaaaaaa1 @ 203.0.113.7]  us-west-2a     activating  1 min 5 s  deployment/setup.sh  + exit 7',
      '  ○ [i-0bbbbbbbbbbbbbbb2]                eu-central-1b  booting     1 min 5 s  pending',
    ]);
  });

  it('shows how far an upload is, and its rate once there is one', () => {
    expect(progressRows(progressAfter(7), 500, 140, 24, plain).at(-1)).toContain(
      'delivering  0 s   27% of 4.0 MB',
    );
    expect(progressRows(progressAfter(7), 2000, 140, 24, plain).at(-1)).toMatch(
      /delivering {2}2 s {3}27% of 4\.0 MB {2}550\.0 kB\/s$/,
    );
  });

  it('stops the time of a machine that failed or is ready', () => {
    const ready = advance(progressAfter(3), { type: 'machine', machine: first, phase: 'ready' }, 7_000);
    expect(progressRows(ready, 99_000, 140, 24, plain).at(-1)).toBe(
      '  ✓ [i-0aaaaaaaaaaaaaaa1 @ 203.0.113.7]  us-west-2a  ready  7 s',
    );
  });

  it('shortens ids in a narrow window, leaves out the zone in a very narrow one, and clips', () => {
    expect(progressRows(progressAfter(12), 0, 79, 24, plain).at(-1)).toBe(
      '  ● [i-0aaaaaa… @ 203.0.113.7]  us-west-2a  activating  0 s  deployment/setup.…',
    );
    expect(progressRows(progressAfter(12), 0, 60, 24, plain).at(-1)).toBe(
      '  ● [i-0aaaaaa… @ 203.0.113.7]  activating  0 s  deployment…',
    );
    for (const row of progressRows(progressAfter(12), 0, 10, 24, plain))
      expect(displayWidth(row)).toBeLessThanOrEqual(10);
  });

  it('shows the failed and the busiest where not all fit, and counts the others', () => {
    const fleet = fleetOf(['ready', 'booting', 'activating', 'failed', 'ready', 'booting', 'delivering']);
    const rows = progressRows(fleet, 0, 140, 5, plain);
    expect(rows.map((row) => row.replace(/ @.*?\]/u, ']').replace(/ {2}us.*? {2}/u, '  '))).toEqual([
      '  ✗ [i-4]  failed      0 s',
      '  ● [i-3]  activating  0 s',
      '  ● [i-7]  delivering  0 s',
      '  ○ [i-2]  booting     0 s',
      '    … and 3 more: 1 booting, 2 ready',
    ]);
  });

  it.each([0, 1, 2, 3])('never takes more than %d lines', (height) => {
    expect(
      progressRows(fleetOf(['booting', 'booting', 'booting', 'ready']), 0, 80, height, plain).length,
    ).toBe(height);
  });
});
