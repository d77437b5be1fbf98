import { describe, expect, it } from 'vitest';
import type { CommandHandler } from '../../src/cli/command-context.ts';
import type { CommandSpec } from '../../src/cli/command-spec.ts';
import type { GlobalOptions } from '../../src/cli/open-fleet.ts';
import { runCommand } from '../../src/cli/run-command.ts';
import { SpotError, SpotErrors } from '../../src/errors/spot-error.ts';
import { type TestIo, testIo } from './test-io.ts';

const defaults: GlobalOptions = {
  local: false,
  yes: false,
  quiet: false,
  verbose: false,
  color: true,
  json: false,
};

/** Runs a command of the test's own the way `spot` runs its commands. */
async function run(
  handler: CommandHandler,
  options: Partial<GlobalOptions> = {},
  io: TestIo = testIo(),
  traits: Partial<CommandSpec> = {},
) {
  const spec: CommandSpec = {
    name: 'try',
    purpose: 'try',
    exitCodes: [],
    examples: [],
    progress: 'lasting',
    load: async () => ({ run: handler }),
    ...traits,
  };
  const exitCode = await runCommand({ spec, args: [], flags: {}, options: { ...defaults, ...options } }, io);
  return { exitCode, stdout: io.stdout.text, stderr: io.stderr.text };
}

const working: CommandHandler = async ({ emit }) => {
  emit({ type: 'stage', stage: 'launch', text: 'Launching' });
  return {
    exitCode: 3,
    document: { schema: 'spot-deployer/try/v1', done: true },
    text: () => 'the result\n',
    problems: () => 'the problem\n',
  };
};

describe('a command that comes to its end', () => {
  it('writes its result to stdout, its progress and problems to stderr', async () => {
    expect(await run(working)).toEqual({
      exitCode: 3,
      stdout: 'the result\n',
      stderr: 'Launching\n\nthe problem\n',
    });
  });

  it('writes one document with --json, and no progress', async () => {
    expect(await run(working, { json: true })).toEqual({
      exitCode: 3,
      stdout: '{"schema":"spot-deployer/try/v1","done":true}\n',
      stderr: '\nthe problem\n',
    });
  });

  it('writes events as lines before the document where the command says so', async () => {
    const { stdout } = await run(working, { json: true }, testIo(), { jsonEvents: () => true });
    expect(
      stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line).schema),
    ).toEqual(['spot-deployer/event/v1', 'spot-deployer/try/v1']);
  });

  it('writes only the result and problems with --quiet', async () => {
    expect(await run(working, { quiet: true })).toEqual({
      exitCode: 3,
      stdout: 'the result\n',
      stderr: '\nthe problem\n',
    });
  });

  it('draws rows on a terminal, and leaves the cursor as it was', async () => {
    const io = testIo({ terminal: true, environment: { NO_COLOR: '1' } });
    const { stderr } = await run(working, {}, io);
    expect(stderr).toBe('\r\u001b[J✗ Launching  0.0 s\n\u001b[J\nthe problem\n');
  });

  it('writes a bit-by-bit result at once, after which no progress is drawn', async () => {
    const { stdout, stderr } = await run(async ({ write, emit }) => {
      write('one\n');
      emit({ type: 'stage', stage: 'late', text: 'late' });
      write(Buffer.from('two\n'));
      return { exitCode: 0 };
    });
    expect([stdout, stderr]).toEqual(['one\ntwo\n', '']);
  });
});

describe('a command that fails', () => {
  const failing: CommandHandler = async () => {
    throw new SpotErrors([
      new SpotError('SPOT-E-CONFIG-INVALID', { message: 'a', where: 'config.yaml:3:5', hint: 'h' }),
      new SpotError('SPOT-E-CONFIG-INVALID', { message: 'b', hint: 'h' }),
    ]);
  };

  it('reports every error, and exits with their code', async () => {
    expect(await run(failing)).toEqual({
      exitCode: 2,
      stdout: '',
      stderr:
        'SPOT-E-CONFIG-INVALID  a\n  where config.yaml:3:5\n  next  h\n\nSPOT-E-CONFIG-INVALID  b\n  next  h\n',
    });
  });

  it('prints a document with --json', async () => {
    expect(JSON.parse((await run(failing, { json: true })).stdout)).toEqual({
      schema: 'spot-deployer/error/v1',
      errors: [
        { code: 'SPOT-E-CONFIG-INVALID', message: 'a', where: 'config.yaml:3:5', hint: 'h', evidence: [] },
        { code: 'SPOT-E-CONFIG-INVALID', message: 'b', hint: 'h', evidence: [] },
      ],
    });
  });

  it('calls everything else a defect', async () => {
    const { exitCode, stderr } = await run(async () => {
      throw new TypeError('x is not a function');
    });
    expect(exitCode).toBe(1);
    expect(stderr).toBe(
      'SPOT-E-INTERNAL  x is not a function\n  next  Run again with --verbose and report the stack it prints.\n',
    );
  });
});

describe('an interrupted command', () => {
  /** Works until it is aborted, then ends as `then` says. */
  const until =
    (then: () => ReturnType<CommandHandler>): CommandHandler =>
    async ({ signal, io }) => {
      const aborted = new Promise((resolve) => signal.addEventListener('abort', resolve));
      io.signals.emit('SIGINT', 'SIGINT');
      await aborted;
      return then();
    };

  it('says that it stops, and what its own error says', async () => {
    const stopped = until(async () => {
      throw new SpotError('SPOT-E-INTERRUPTED', { message: '2 machines exist.', hint: 'Go on.' });
    });
    expect(await run(stopped)).toEqual({
      exitCode: 130,
      stdout: '',
      stderr:
        'Stopping cleanly; Ctrl-C again leaves at once.\nSPOT-E-INTERRUPTED  2 machines exist.\n  next  Go on.\n',
    });
  });

  it('takes an aborted request for the interruption that it is', async () => {
    const { exitCode, stderr } = await run(
      until(async () => {
        throw new DOMException('This operation was aborted', 'AbortError');
      }),
      { quiet: true },
    );
    expect(exitCode).toBe(130);
    expect(stderr).toMatch(/^SPOT-E-INTERRUPTED {2}Interrupted by SIGINT\.\n/u);
    expect(stderr).not.toContain('SPOT-E-INTERNAL');
  });

  it('keeps the errors that came of it', async () => {
    const { exitCode, stderr } = await run(
      until(async () => {
        throw new SpotError('SPOT-E-DELIVERY', { message: 'cut', hint: 'h' });
      }),
      { quiet: true },
    );
    expect(exitCode).toBe(130);
    expect(stderr).toMatch(/^SPOT-E-INTERRUPTED [\s\S]*\n\nSPOT-E-DELIVERY {2}cut\n {2}next {2}h\n$/u);
  });

  it('exits with 130 when the result is a part, and with 0 when the work was done', async () => {
    const [part, whole] = await Promise.all([
      run(until(async () => ({ exitCode: 3 }))),
      run(until(async () => ({ exitCode: 0 }))),
    ]);
    expect([part.exitCode, whole.exitCode]).toEqual([130, 0]);
  });

  it('leaves at once the second time', async () => {
    const io = testIo();
    await run(
      until(async () => {
        expect(io.exits).toEqual([]);
        io.signals.emit('SIGTERM', 'SIGTERM');
        return { exitCode: 0 };
      }),
      {},
      io,
    );
    expect(io.exits).toEqual([130]);
  });

  it('takes the progress off the screen when the process exits', async () => {
    const io = testIo({ terminal: true });
    await run(
      async ({ emit }) => {
        emit({ type: 'notice', text: 'still here' });
        io.signals.emit('exit');
        expect(io.stderr.text).toContain('still here');
        return { exitCode: 0 };
      },
      {},
      io,
    );
  });

  it('ends quietly when nobody reads stdout any more', async () => {
    const io = testIo();
    const result = await run(
      async ({ signal }) => {
        io.stdout.emit('error', Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
        signal.throwIfAborted();
        return { exitCode: 0 };
      },
      { quiet: true },
      io,
    );
    expect(result).toEqual({ exitCode: 130, stdout: '', stderr: '' });
  });

  it('stops listening when it is over', async () => {
    const io = testIo();
    await run(working, {}, io);
    expect([io.signals.eventNames(), io.stdout.eventNames()]).toEqual([[], []]);
  });
});
