import { isIP } from 'node:net';
import { SpotError } from '../errors/spot-error.ts';
import type { CloudTarget } from './cloud-target.ts';

const addressService = 'https://checkip.amazonaws.com';
const patienceMilliseconds = 5_000;

/**
 * The address that the cloud sees us come from, as a CIDR block of that one address: what `ssh.allow: auto` opens
 * port 22 to. AWS's own service tells it; the rehearsal cloud publishes ports on the loopback interface only.
 * @throws SPOT-E-CLOUD-UNREACHABLE
 */
export async function callerAddress(target: CloudTarget): Promise<string> {
  if (target.name === 'local') return '127.0.0.1/32';
  try {
    const answer = await fetch(addressService, { signal: AbortSignal.timeout(patienceMilliseconds) });
    const address = (await answer.text()).trim();
    if (isIP(address) === 4) return `${address}/32`;
    if (isIP(address) === 6) return `${address}/128`;
    throw new Error(`it answered ${answer.status} with no address`);
  } catch (cause) {
    throw new SpotError('SPOT-E-CLOUD-UNREACHABLE', {
      message: `Cannot find out the address of this computer from ${addressService}: ${(cause as Error).message}`,
      hint: 'Name the addresses that may reach port 22 in .spot/config.yaml: `ssh: {allow: [203.0.113.0/24]}`.',
      cause,
    });
  }
}
