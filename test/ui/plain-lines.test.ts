import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createPaint } from '../../src/ui/paint.ts';
import { plainLines } from '../../src/ui/plain-lines.ts';
import { RecordedStream } from './recorded-stream.ts';
import { failingRun, first, second } from './samples.ts';

function open(settings: { verbose?: boolean; brief?: boolean } = {}) {
  const stream = new RecordedStream();
  const { verbose = false, brief = false } = settings;
  return { stream, view: plainLines(stream, { paint: createPaint(false), now: Date.now, verbose, brief }) };
}

const label = '[i-0aaaaaaaaaaaaaaa1 @ 203.0.113.7]';

describe('plainLines', () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: 0 });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('writes a line for each event of interest', () => {
    const { stream, view } = open();
    for (const event of failingRun) view.emit(event);
    view.end(false);
    expect(stream.lines).toEqual([
      'Launching 2 machines',
      'us-west-2: launched 1 of 1 machine (i-0aaaaaaaaaaaaaaa1)',
      `${label} booting`,
      'Setting up 2 machines',
      `${label} delivering`,
      `${label} uploaded 25% of 4.0 MB`,
      `${label} uploaded 100% of 4.0 MB`,
      `${label} activating`,
      `${label} deployment/setup.sh: started`,
      `${label} deployment/setup.sh: failed with exit code 7 (1.3 s)`,
      `${label} SPOT-E-STEP-FAILED: deployment/setup.sh ended with exit code 7 after 1.3 s.`,
    ]);
  });

  it('adds what steps print when verbose, without escape sequences', () => {
    const { stream, view } = open({ verbose: true });
    view.emit({ type: 'output', machine: first, step: 'setup', line: '\u001b[1mhello\u001b[0m' });
    view.end(true);
    expect(stream.lines).toEqual([`${label} setup | hello`]);
  });

  it('does not repeat itself', () => {
    const { stream, view } = open();
    view.emit({ type: 'machine', machine: second, phase: 'booting', detail: 'pending' });
    view.emit({ type: 'machine', machine: second, phase: 'booting', detail: 'pending' });
    view.emit({ type: 'machine', machine: second, phase: 'booting', detail: 'running' });
    view.end(true);
    expect(stream.lines).toEqual([
      '[i-0bbbbbbbbbbbbbbb2] booting: pending',
      '[i-0bbbbbbbbbbbbbbb2] booting: running',
    ]);
  });

  it('tells only what a person must know when brief', () => {
    const { stream, view } = open({ brief: true });
    for (const event of failingRun) view.emit(event);
    view.emit({ type: 'warning', text: 'eu-west-3 does not answer', machine: second });
    view.end(true);
    expect(stream.lines).toEqual([
      `${label} SPOT-E-STEP-FAILED: deployment/setup.sh ended with exit code 7 after 1.3 s.`,
      '[i-0bbbbbbbbbbbbbbb2] warning: eu-west-3 does not answer',
    ]);
  });

  it('is never silent for longer than half a minute', () => {
    const { stream, view } = open();
    for (const event of failingRun.slice(0, 11)) view.emit(event);
    stream.text = '';
    vi.advanceTimersByTime(29_999);
    expect(stream.lines).toEqual([]);
    vi.advanceTimersByTime(30_001);
    expect(stream.lines).toEqual([
      'still running after 30 s (Setting up 2 machines: 1 activating)',
      'still running after 1 min (Setting up 2 machines: 1 activating)',
    ]);
    view.end(true);
    vi.advanceTimersByTime(60_000);
    expect(stream.lines).toHaveLength(2);
  });

  it('keeps a name with a newline on its line', () => {
    const { stream, view } = open();
    view.emit({ type: 'notice', text: 'left out: a\nb' });
    view.end(true);
    expect(stream.lines).toEqual(['left out: a\\nb']);
  });
});
