import { setTimeout as sleep } from 'node:timers/promises';
import { SpotError } from '../errors/spot-error.ts';
import { ConnectionLost } from '../transport/ssh-connection.ts';

/** A line that is cut this often in one stage will not bring it to its end. */
const mostAttempts = 100;
const pauseMilliseconds = 200;

/**
 * Repeats a stage that a lost connection ended; each stage goes on where it was cut. Connecting again has a deadline
 * of its own.
 * @throws SPOT-E-MACHINE-UNREACHABLE when the connection is lost again and again
 */
export async function untilConnected<Result>(stage: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await stage();
    } catch (error) {
      if (!(error instanceof ConnectionLost)) throw error;
      if (attempt === mostAttempts) throw givenUp(error);
    }
    await sleep(pauseMilliseconds);
  }
}

function givenUp(cause: ConnectionLost): SpotError {
  const message = `The connection was lost ${mostAttempts} times; last: ${cause.message}`;
  return new SpotError('SPOT-E-MACHINE-UNREACHABLE', { message, cause });
}
