import { describe, expect, it } from 'vitest';
import { parseReport } from '../../src/machine/report.ts';

const report = {
  release: '0a1b2c3d4e5f',
  phase: 'ready',
  step: null,
  since: '2026-01-02T03:04:05.678Z',
  health: 'failing',
  problems: ['nothing listens on port 8080'],
  boot: 'b',
  uptime: 12,
};

describe('parseReport', () => {
  it('reads the line', () => {
    expect(parseReport(`${JSON.stringify(report)}\n`)).toEqual(report);
  });

  it.each([
    ['what is no JSON', 'bash: /opt/spot/bin/runner: No such file or directory'],
    ['nothing', ''],
    ['an unknown phase', JSON.stringify({ ...report, phase: 'resting' })],
  ])('is undefined for %s', (_, text) => {
    expect(parseReport(text)).toBeUndefined();
  });
});
