import { setTimeout as sleep } from 'node:timers/promises';
import { SpotError } from '../errors/spot-error.ts';
import { followCommand } from '../machine/commands.ts';
import { exitRunnerGone, FollowReader, type FollowRecord } from '../machine/follow.ts';
import { type JournalLine, wholeRelease } from '../machine/journal.ts';
import { ConnectionLost, type ExecResult } from '../transport/ssh-connection.ts';
import type { Emit } from './events.ts';
import type { MachineAccess } from './machine-access.ts';
import { labelOf, nameOf } from './machine-name.ts';
import type { Redact } from './redaction.ts';

/** A machine that reboots is given this long to come back. */
const patienceMilliseconds = 180_000;
const pauseMilliseconds = 200;
const shownLogLines = 20;
/** So many times in a row following may end with nothing told: by itself, or because the line was cut. */
const mostSilentEnds = 10;
const mostSilentCuts = 100;
/** A shell's exit code when the program that a command names does not exist. */
const programNotFound = 127;
const installHint =
  'Install it in the script (`apt-get install …`) or name its package under `packages:` in .spot/config.yaml, then run `spot create` again.';

/**
 * Follows the runner on one machine until its release is done, through cut connections and reboots. The run itself
 * does not depend on this: it goes on when nobody follows.
 */
export class Follower {
  readonly #access: MachineAccess;
  readonly #release: string;
  readonly #emit: Emit;
  readonly #redact: Redact;
  /** Of the step that runs: what it printed last, and what a person calls it. */
  #lastLines: string[] = [];
  readonly #titles = new Map<string, string>();
  #failure: JournalLine | undefined;
  #outcome: 'done' | 'failed' | undefined;
  /** Whether this time the machine has told anything. */
  #heard = false;

  constructor(access: MachineAccess, release: string, emit: Emit, redact: Redact) {
    this.#access = access;
    this.#release = release;
    this.#emit = emit;
    this.#redact = redact;
  }

  /**
   * @param from the journal line (from 1) at which this attempt begins
   * @throws SPOT-E-STEP-FAILED, SPOT-E-STEP-TIMEOUT, SPOT-E-PREFLIGHT; SPOT-E-RUNNER-GONE when nothing works on the
   *   release any more; SPOT-E-MACHINE-UNREACHABLE, -GONE
   */
  async run(from: number): Promise<void> {
    const reader = new FollowReader(from);
    let silent = 0;
    while (this.#outcome === undefined) {
      this.#heard = false;
      const ended = await this.#followOnce(reader);
      silent = this.#heard ? 0 : silent + 1;
      if (this.#outcome === undefined) await this.#beginAnew(reader, ended, silent);
    }
    if (this.#outcome === 'failed') throw this.#failureError();
  }

  /** @returns how following ended; a line that was cut says nothing about the machine */
  async #followOnce(reader: FollowReader): Promise<ExecResult | ConnectionLost> {
    try {
      return await this.#access.exec(followCommand(reader.next, reader.outputLines), patienceMilliseconds, {
        onStdout: (chunk) => {
          for (const record of reader.push(chunk)) this.#take(record);
        },
      });
    } catch (error) {
      if (error instanceof ConnectionLost) return error;
      throw error;
    }
  }

  /** The stream ended early: at a reboot (the connection would end with the machine anyway), or the line was cut. */
  async #beginAnew(reader: FollowReader, ended: ExecResult | ConnectionLost, silent: number): Promise<void> {
    if (ended instanceof ConnectionLost) {
      if (silent >= mostSilentCuts) throw this.#cutError(ended);
    } else if (ended.code === exitRunnerGone || silent >= mostSilentEnds) {
      throw this.#goneError(ended);
    }
    reader.forgetUnfinished();
    this.#access.close();
    await sleep(pauseMilliseconds);
  }

  #take(record: FollowRecord): void {
    if (record.type !== 'noise') this.#heard = true;
    if (record.type === 'output') {
      const line = this.#redact(record.text);
      this.#lastLines = [...this.#lastLines, line].slice(-shownLogLines);
      this.#emit({ type: 'output', machine: nameOf(this.#access.machine), step: record.step, line });
    }
    if (record.type === 'journal' && record.line.release === this.#release)
      this.#takeJournalLine(record.line);
  }

  #takeJournalLine(line: JournalLine): void {
    const machine = nameOf(this.#access.machine);
    if (line.state === 'rebooting') {
      this.#emit({ type: 'machine', machine, phase: 'rebooting' });
    } else if (line.step === wholeRelease) {
      // A release that had failed and was activated again begins anew.
      this.#outcome = line.state === 'done' || line.state === 'failed' ? line.state : undefined;
    } else if (line.state === 'progress') {
      const detail = this.#redact(line.reason ?? this.#title(line.step));
      this.#emit({ type: 'machine', machine, phase: 'activating', detail });
    } else {
      if (line.state === 'started') this.#startStep(line);
      if (line.state === 'failed' || line.state === 'timeout') this.#failure = line;
      this.#emit({
        type: 'step',
        machine,
        step: line.step,
        title: this.#title(line.step),
        state: line.state,
        ...(line.seconds !== undefined && { seconds: line.seconds }),
        ...(line.exit !== undefined && { exit: line.exit }),
        ...(line.port !== undefined && { port: line.port }),
        ...(line.reason !== undefined && { reason: this.#redact(line.reason) }),
      });
    }
  }

  #startStep(line: JournalLine): void {
    this.#lastLines = [];
    this.#titles.set(line.step, line.title ?? line.step);
  }

  #title(step: string): string {
    return this.#titles.get(step) ?? step;
  }

  #cutError(cause: ConnectionLost): SpotError {
    return new SpotError('SPOT-E-MACHINE-UNREACHABLE', {
      message: `The connection was lost ${mostSilentCuts} times; last: ${cause.message}`,
      where: labelOf(this.#access.machine),
      cause,
    });
  }

  #goneError({ code, stderr }: ExecResult): SpotError {
    const told = this.#redact(stderr).trim();
    const noSpace = /No space left on device/.test(told);
    return new SpotError('SPOT-E-RUNNER-GONE', {
      message: noSpace
        ? 'The disk of the machine is full, so the steps cannot go on.'
        : `Nothing works on the release any more: \`runner follow\` ended with exit code ${code}.`,
      where: labelOf(this.#access.machine),
      ...(noSpace && {
        hint: 'Raise `instance_storage_gb`, or have the scripts leave less behind, then run `spot create` again.',
      }),
      evidence: [...this.#lastLines, ...(told === '' ? [] : told.split('\n'))].slice(-shownLogLines),
    });
  }

  #failureError(): SpotError {
    const { step, state, exit, reason } = this.#failure ?? { step: 'unknown', state: 'failed' };
    const title = this.#title(step);
    const what = state === 'timeout' ? 'did not end in its time' : 'failed';
    // The reason of a script names it: `deployment/setup.sh ended with exit code 7`.
    const told = reason?.startsWith(title) ? reason : `${title} ${what}${reason ? `: ${reason}` : ''}`;
    return new SpotError(errorCodeOf(step, state), {
      message: `${this.#redact(told)}.`,
      where: labelOf(this.#access.machine),
      ...(exit === programNotFound && { hint: installHint }),
      evidence: this.#lastLines,
    });
  }
}

function errorCodeOf(
  step: string,
  state: string,
): 'SPOT-E-PREFLIGHT' | 'SPOT-E-STEP-TIMEOUT' | 'SPOT-E-STEP-FAILED' {
  if (step === 'preflight') return 'SPOT-E-PREFLIGHT';
  return state === 'timeout' ? 'SPOT-E-STEP-TIMEOUT' : 'SPOT-E-STEP-FAILED';
}
