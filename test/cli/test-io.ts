import { EventEmitter } from 'node:events';
import type { CommandIo } from '../../src/cli/command-io.ts';
import type { Environment } from '../../src/ui/terminal.ts';
import { RecordedStream } from '../ui/recorded-stream.ts';

export interface TestIo extends CommandIo {
  readonly stdout: RecordedStream;
  readonly stderr: RecordedStream;
  /** The codes that the process was asked to exit with at once. */
  readonly exits: readonly number[];
}

/** A process of a test's own: two pipes (or terminals), no signals but those that the test emits. */
export function testIo(
  settings: { terminal?: boolean; environment?: Environment; ask?: CommandIo['ask'] } = {},
): TestIo {
  const size = settings.terminal === true ? { columns: 100, rows: 24 } : undefined;
  const exits: number[] = [];
  return {
    stdout: new RecordedStream(size),
    stderr: new RecordedStream(size),
    environment: settings.environment ?? {},
    signals: new EventEmitter(),
    exit: (code) => exits.push(code),
    ask: settings.ask,
    now: () => Date.parse('2026-01-02T03:04:10Z'),
    exits,
  };
}
