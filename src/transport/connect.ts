import { setTimeout as sleep } from 'node:timers/promises';
import { SpotError } from '../errors/spot-error.ts';
import { ConnectionLost, connectOnce, type SshConnection, type SshTarget } from './ssh-connection.ts';

export interface ConnectOptions {
  /** When to give up, in milliseconds from now. */
  readonly patienceMilliseconds: number;
  readonly signal: AbortSignal;
  /** Asked before each attempt; what it throws ends the waiting (the machine was terminated, say). */
  readonly beforeAttempt?: () => Promise<void> | void;
}

const attemptMilliseconds = 10_000;
const firstPause = 100;
const longestPause = 1_000;

/**
 * Connects to a machine that may still be booting: tries until it answers or the patience ends.
 * A key that is not accepted is tried again while the machine is fresh: sshd may answer before cloud-init has
 * written the user's keys.
 * @throws SPOT-E-MACHINE-UNREACHABLE, SPOT-E-SSH-HOST-KEY, SPOT-E-SSH-AUTH
 */
export async function connect(target: SshTarget, options: ConnectOptions): Promise<SshConnection> {
  const deadline = Date.now() + options.patienceMilliseconds;
  for (let pause = firstPause; ; pause = Math.min(pause * 1.3, longestPause)) {
    options.signal.throwIfAborted();
    await options.beforeAttempt?.();
    try {
      return await connectOnce(target, attemptMilliseconds);
    } catch (error) {
      if (!mayMendItself(error)) throw error;
      if (Date.now() + pause > deadline)
        throw error instanceof SpotError ? error : unreachable(target, options, error);
    }
    await sleep(pause, undefined, { signal: options.signal });
  }
}

function mayMendItself(error: unknown): boolean {
  return error instanceof ConnectionLost || (error instanceof SpotError && error.code === 'SPOT-E-SSH-AUTH');
}

function unreachable(target: SshTarget, options: ConnectOptions, cause: unknown): SpotError {
  const seconds = Math.round(options.patienceMilliseconds / 1000);
  return new SpotError('SPOT-E-MACHINE-UNREACHABLE', {
    message: `${target.label} did not answer over SSH at ${target.host}:${target.port} for ${seconds} s: ${(cause as Error).message}`,
    where: target.label,
    cause,
  });
}
