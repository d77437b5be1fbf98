import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { SpotError } from '../../errors/spot-error.ts';

/**
 * Below the ranges from which Linux (32768…) and macOS (49152…) take the ports of outgoing connections, so that a
 * machine gets its ports back after a reboot.
 */
const first = 20_000;
const last = 32_767;
const attempts = 200;

/** A port of 127.0.0.1 that nothing listens on and that is not among `taken`. */
export async function freePort(taken: ReadonlySet<number>): Promise<number> {
  for (let attempt = 0; attempt < attempts; attempt++) {
    const port = randomInt(first, last + 1);
    if (!taken.has(port) && (await isFree(port))) return port;
  }
  throw new SpotError('SPOT-E-PORT-TAKEN', {
    message: `No free port was found between ${first} and ${last}.`,
  });
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen({ port, host: '127.0.0.1', exclusive: true }, () => probe.close(() => resolve(true)));
  });
}
