import { describe, expect, it } from 'vitest';
import { jsonLines } from '../../src/ui/json-lines.ts';
import { RecordedStream } from './recorded-stream.ts';
import { failingRun, first, now, stepError } from './samples.ts';

function linesOf(events: typeof failingRun): readonly unknown[] {
  const stream = new RecordedStream();
  const view = jsonLines(stream, () => now);
  for (const event of events) view.emit(event);
  view.end(true);
  view.emit({ type: 'notice', text: 'late' });
  return stream.lines.map((line) => JSON.parse(line));
}

const envelope = { schema: 'spot-deployer/event/v1', at: '2026-01-02T03:04:10.000Z' };

describe('jsonLines', () => {
  it('writes an event as one line', () => {
    expect(linesOf([failingRun[0] as (typeof failingRun)[number]])).toEqual([
      { ...envelope, event: 'stage', stage: 'launch', text: 'Launching 2 machines' },
    ]);
  });

  it('writes an error with its fields', () => {
    expect(linesOf([{ type: 'failure', machine: first, error: stepError }])).toEqual([
      {
        ...envelope,
        event: 'failure',
        machine: first,
        error: {
          code: 'SPOT-E-STEP-FAILED',
          message: stepError.message,
          where: 'deployment/setup.sh:3',
          hint: stepError.hint,
          evidence: stepError.evidence,
        },
      },
    ]);
  });

  it('tells an upload once a percent', () => {
    const sent = [0, 1, 10_000, 10_001, 19_999, 20_000, 1_000_000];
    const uploads = sent.map(
      (bytes) => ({ type: 'upload', machine: first, sent: bytes, total: 1_000_000 }) as const,
    );
    expect(linesOf(uploads).map((line) => (line as { sent: number }).sent)).toEqual([
      0, 10_000, 20_000, 1_000_000,
    ]);
  });
});
