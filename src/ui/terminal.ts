import type { EventEmitter } from 'node:events';
import { createPaint, type Paint } from './paint.ts';

/** The part of a Node write stream that output needs; process.stdout, process.stderr or a test's own. */
export interface OutputStream extends EventEmitter {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  readonly rows?: number | undefined;
  write(chunk: string | Uint8Array): boolean;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** How a view may look on the stream it goes to. */
export interface Look {
  readonly paint: Paint;
  /** Columns to keep within; undefined in a pipe, where nothing is clipped. */
  readonly width: number | undefined;
  /** Milliseconds since the epoch, for ages. */
  readonly now: number;
}

/** Whether live rows can be drawn: a terminal that understands cursor movement. */
export function isLiveTerminal(stream: OutputStream, environment: Environment): boolean {
  return stream.isTTY === true && environment.TERM !== 'dumb';
}

/**
 * Whether output is coloured: --no-color wins, then FORCE_COLOR over NO_COLOR (as Node itself decides), and
 * without either a terminal that is not dumb. See https://no-color.org and https://force-color.org.
 */
export function isColoured(stream: OutputStream, environment: Environment, allowed: boolean): boolean {
  if (!allowed) return false;
  const force = environment.FORCE_COLOR;
  if (force !== undefined) return force !== '0' && force !== 'false';
  if ((environment.NO_COLOR ?? '') !== '') return false;
  return isLiveTerminal(stream, environment);
}

/** The look of one stream: its colours and its width (80 where a terminal does not tell). */
export function lookOf(
  stream: OutputStream,
  environment: Environment,
  colourAllowed: boolean,
  now: number,
): Look {
  return {
    paint: createPaint(isColoured(stream, environment, colourAllowed)),
    width: stream.isTTY === true ? stream.columns || 80 : undefined,
    now,
  };
}
