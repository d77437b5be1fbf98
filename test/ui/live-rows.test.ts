import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { liveRows } from '../../src/ui/live-rows.ts';
import { createPaint } from '../../src/ui/paint.ts';
import { RecordedStream } from './recorded-stream.ts';
import { failingRun, first } from './samples.ts';
import { screenAfter } from './virtual-screen.ts';

const frame = 80;

function open(settings: { keepStages?: boolean; verbose?: boolean; columns?: number } = {}) {
  const stream = new RecordedStream({ columns: settings.columns ?? 100, rows: 24 });
  const { keepStages = true, verbose = false } = settings;
  const view = liveRows(stream, { paint: createPaint(false), now: Date.now, verbose, keepStages });
  return { stream, view, screen: () => screenAfter(stream.text) };
}

describe('liveRows', () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: 0 });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('draws many events as one frame', () => {
    const { stream, view, screen } = open();
    const write = vi.spyOn(stream, 'write');
    for (const event of failingRun.slice(0, 11)) view.emit(event);
    expect(write).not.toHaveBeenCalled();
    vi.advanceTimersByTime(frame);
    expect(write).toHaveBeenCalledTimes(1);
    expect(screen()).toEqual({
      lines: [
        '✓ Launching 2 machines  0.0 s',
        '● Setting up 2 machines  0 s',
        '  ● [i-0aaaaaa… @ 203.0.113.7]  us-west-2a  activating  0 s  deployment/setup.sh',
      ],
      cursorShown: false,
    });
    view.end(true);
  });

  it('lets the time run when nothing happens', () => {
    const { view, screen } = open();
    for (const event of failingRun.slice(0, 5)) view.emit(event);
    vi.advanceTimersByTime(3000 + frame);
    expect(screen().lines).toEqual([
      '✓ Launching 2 machines  0.0 s',
      '● Setting up 2 machines  3 s',
      '  ● [i-0aaaaaa… @ 203.0.113.7]  us-west-2a  delivering  3 s',
    ]);
    view.end(true);
  });

  it('keeps failures and stages above the rows, and leaves only them', () => {
    const { view, screen } = open();
    for (const event of failingRun) {
      view.emit(event);
      vi.advanceTimersByTime(500);
    }
    view.emit({ type: 'notice', text: 'evidence is saved' });
    view.end(false);
    expect(screen()).toEqual({
      lines: [
        '✓ Launching 2 machines  1.5 s',
        '✗ [i-0aaaaaaaaaaaaaaa1 @ 203.0.113.7] SPOT-E-STEP-FAILED: deployment/setup.sh ended with exit code 7 after 1.3 s.',
        '· evidence is saved',
        '✗ Setting up 2 machines  5.5 s',
      ],
      cursorShown: true,
    });
  });

  it('leaves nothing of a command whose progress is passing', () => {
    const { view, screen } = open({ keepStages: false });
    for (const event of failingRun.slice(0, 12)) view.emit(event);
    vi.advanceTimersByTime(frame);
    view.end(true);
    expect(screen()).toEqual({ lines: [], cursorShown: true });
  });

  it('keeps what steps print when verbose', () => {
    const { view, screen } = open({ verbose: true, keepStages: false });
    for (const event of failingRun.slice(0, 12)) view.emit(event);
    view.end(true);
    expect(screen().lines).toEqual(['  [i-0aaaaaaaaaaaaaaa1 @ 203.0.113.7] setup | + exit 7']);
  });

  it('writes nothing for a command that ends before the first frame', () => {
    const { stream, view } = open({ keepStages: false });
    view.emit({ type: 'stage', stage: 'ask', text: 'Asking the regions' });
    view.end(true);
    vi.advanceTimersByTime(5000);
    expect(stream.text).toBe('');
  });

  it('is still while paused, and goes on with the next event', () => {
    const { stream, view, screen } = open({ keepStages: false });
    for (const event of failingRun.slice(0, 3)) view.emit(event);
    vi.advanceTimersByTime(frame);
    view.pause();
    const written = stream.text;
    vi.advanceTimersByTime(5000);
    expect(stream.text).toBe(written);
    expect(screen()).toEqual({ lines: [], cursorShown: true });
    view.emit({ type: 'machine', machine: first, phase: 'destroying' });
    vi.advanceTimersByTime(frame);
    expect(screen().lines.at(-1)).toContain('destroying');
    view.end(true);
  });

  it('draws again when the window changes', () => {
    const { stream, view, screen } = open({ columns: 100 });
    for (const event of failingRun.slice(0, 5)) view.emit(event);
    vi.advanceTimersByTime(frame);
    stream.columns = 140;
    stream.emit('resize');
    vi.advanceTimersByTime(frame);
    expect(screen().lines.at(-1)).toBe(
      '  ● [i-0aaaaaaaaaaaaaaa1 @ 203.0.113.7]  us-west-2a  delivering  0 s',
    );
    view.end(true);
  });

  it('goes up by the lines that rows take once a narrower window has wrapped them', () => {
    const { stream, view } = open({ keepStages: false, columns: 100 });
    for (const event of failingRun.slice(0, 12)) view.emit(event);
    vi.advanceTimersByTime(frame);
    stream.text = '';
    stream.columns = 50;
    stream.emit('resize');
    vi.advanceTimersByTime(frame);
    // The stage takes one line of 50 columns, the machine's row of 90 takes two.
    expect(stream.text.startsWith('\r\u001b[3A')).toBe(true);
    view.end(true);
  });

  it('is silent after its end', () => {
    const { stream, view } = open();
    view.end(true);
    view.emit({ type: 'warning', text: 'late' });
    view.end(false);
    stream.emit('resize');
    vi.advanceTimersByTime(5000);
    expect(stream.text).toBe('');
  });
});
