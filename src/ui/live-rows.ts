import type { FleetEvent } from '../fleet/events.ts';
import { displayWidth } from './display-width.ts';
import { eventLine, outputLine } from './event-line.ts';
import type { EventView } from './event-view.ts';
import type { Paint } from './paint.ts';
import { advance, noProgress, type Progress, type StageProgress } from './progress-model.ts';
import { progressRows } from './progress-rows.ts';
import { duration } from './quantities.ts';
import { visibleText } from './safe-text.ts';
import type { OutputStream } from './terminal.ts';

export interface LiveRowsOptions {
  readonly paint: Paint;
  readonly now: () => number;
  /** Let every line that a step prints stay above the rows. */
  readonly verbose: boolean;
  /** Let every finished stage stay above the rows, with the time it took. */
  readonly keepStages: boolean;
}

/** Milliseconds between two drawings: faster than that a person sees nothing more. */
const frame = 80;
const hideCursor = '\u001b[?25l';
const showCursor = '\u001b[?25h';
const eraseLine = '\u001b[2K';
const eraseBelow = '\u001b[J';

/** Draws the progress in place, a row a machine; what must stay (failures, warnings, stages) goes above the rows. */
export function liveRows(stream: OutputStream, options: LiveRowsOptions): EventView {
  let progress: Progress = noProgress;
  let drawn: readonly string[] = [];
  let kept = '';
  let pending: NodeJS.Timeout | undefined;
  let paused = false;
  let ended = false;

  const keep = (line: string) => {
    kept += `${line}\n`;
  };

  const draw = (rows: readonly string[]) => {
    clearTimeout(pending);
    pending = undefined;
    if (drawn.length === 0 && rows.length === 0 && kept === '') return;
    const hide = drawn.length === 0 && rows.length > 0 ? hideCursor : '';
    // Without lines to keep, each row is overwritten in its place: erasing everything first would flicker.
    const above = kept === '' ? '' : `${eraseBelow}${kept}`;
    const body = rows.map((row) => `${eraseLine}${row}\n`).join('');
    stream.write(`${hide}${home(drawn, stream.columns || 80)}${above}${body}${eraseBelow}`);
    drawn = rows;
    kept = '';
  };

  const redraw = () => {
    // One column is left free: a terminal that wraps at the edge would otherwise take two lines for a row.
    draw(
      progressRows(
        progress,
        options.now(),
        (stream.columns || 80) - 1,
        (stream.rows || 24) - 1,
        options.paint,
      ),
    );
  };

  const schedule = () => {
    if (paused) return;
    pending ??= setTimeout(redraw, frame).unref();
  };

  const clear = () => {
    const hidden = drawn.length > 0;
    draw([]);
    if (hidden) stream.write(showCursor);
  };

  // The running times change each second even when nothing happens.
  const ticker = setInterval(schedule, 1000).unref();
  stream.on('resize', schedule);

  return {
    emit(event: FleetEvent) {
      if (ended) return;
      paused = false;
      if (event.type === 'stage' && progress.stage !== undefined && options.keepStages) {
        keep(stageLine(progress.stage, true, options));
      }
      const line = lineToKeep(event, options);
      if (line !== undefined) keep(line);
      progress = advance(progress, event, options.now());
      schedule();
    },
    pause() {
      if (ended) return;
      paused = true;
      clear();
    },
    end(succeeded) {
      if (ended) return;
      ended = true;
      clearInterval(ticker);
      stream.off('resize', schedule);
      if (progress.stage !== undefined && options.keepStages) {
        keep(stageLine(progress.stage, succeeded, options));
      }
      clear();
    },
  };
}

/** Moves to where the first row begins. A window made narrower has wrapped the rows that were too long for it. */
function home(rows: readonly string[], columns: number): string {
  const lines = rows.reduce((sum, row) => sum + Math.max(1, Math.ceil(displayWidth(row) / columns)), 0);
  return lines === 0 ? '\r' : `\r\u001b[${lines}A`;
}

function stageLine(stage: StageProgress, succeeded: boolean, { paint, now }: LiveRowsOptions): string {
  const symbol = succeeded ? paint.green('✓') : paint.red('✗');
  return `${symbol} ${visibleText(stage.text)}  ${paint.dim(duration(now() - stage.since))}`;
}

function lineToKeep(event: FleetEvent, { paint, verbose }: LiveRowsOptions): string | undefined {
  switch (event.type) {
    case 'notice':
      return `${paint.dim('·')} ${eventLine(event, paint)}`;
    case 'warning':
      return `${paint.yellow('!')} ${eventLine(event, paint)}`;
    case 'failure':
      return `${paint.red('✗')} ${eventLine(event, paint)}`;
    case 'output':
      return verbose ? `  ${outputLine(event, paint)}` : undefined;
    default:
      return undefined;
  }
}
