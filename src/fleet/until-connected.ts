import { ConnectionLost } from '../transport/ssh-connection.ts';

/** Repeats a stage that a lost connection ended. It ends by itself: connecting again has a deadline. */
export async function untilConnected<Result>(stage: () => Promise<Result>): Promise<Result> {
  for (;;) {
    try {
      return await stage();
    } catch (error) {
      if (!(error instanceof ConnectionLost)) throw error;
    }
  }
}
