import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/** The built command, as users run it. */
export const spotPath = fileURLToPath(new URL('../../../dist/spot.js', import.meta.url));

export interface SpotResult {
  /** 128 + signal number where a signal ended it. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A running `spot`; awaiting it waits for its end. */
export interface RunningSpot extends PromiseLike<SpotResult> {
  readonly process: ChildProcess;
  /** Waits until its output so far (both streams) matches. */
  until(pattern: RegExp): Promise<string>;
  /** Ctrl-C as a terminal does it: SIGINT to the command and to everything that it has started. */
  interrupt(): void;
}

/** Starts `spot`; `command` takes the place of `node dist/spot.js`. */
export function startSpot(
  args: readonly string[],
  options: { cwd: string; env: NodeJS.ProcessEnv; command?: readonly string[] },
): RunningSpot {
  const { cwd, env, command = [process.execPath, spotPath] } = options;
  const [program = '', ...first] = command;
  const child = spawn(program, [...first, ...args], {
    cwd,
    env,
    // A process group of its own, as a shell gives a command.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8');
  child.stderr.setEncoding('utf8');
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const ended = new Promise<SpotResult>((resolve) => {
    child.on('close', (code, signal) =>
      resolve({ code: code ?? (signal === 'SIGKILL' ? 137 : 143), stdout, stderr }),
    );
  });
  return {
    process: child,
    // biome-ignore lint/suspicious/noThenProperty: awaiting the process is awaiting its end.
    then: (onFulfilled, onRejected) => ended.then(onFulfilled, onRejected),
    until: async (pattern) => {
      while (!pattern.test(stdout + stderr)) {
        if (child.exitCode !== null || child.signalCode !== null) {
          throw new Error(`spot ${args.join(' ')} ended before it said ${pattern}:\n${stdout}\n${stderr}`);
        }
        await sleep(20);
      }
      return stdout + stderr;
    },
    interrupt: () => {
      // A second Ctrl-C may come when the first has ended everything already.
      if (child.exitCode === null && child.signalCode === null)
        process.kill(-(child.pid as number), 'SIGINT');
    },
  };
}
