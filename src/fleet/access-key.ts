import { SpotError } from '../errors/spot-error.ts';
import { type KeyPair, readKeyPair } from '../state/key-pair.ts';
import type { Fleet } from './fleet.ts';

/**
 * The key pair that opens the machines: the user's own when the settings name one, else the deployment's.
 * @throws SPOT-E-CONFIG-INVALID
 */
export async function accessKey(fleet: Fleet): Promise<KeyPair> {
  const { privateKeyPath, publicKeyPath } = fleet.settings.ssh;
  if (privateKeyPath === undefined) return fleet.state.ensureKey(`spot-deployer ${fleet.name}`);
  try {
    return await readKeyPair(privateKeyPath, publicKeyPath);
  } catch (cause) {
    throw new SpotError('SPOT-E-CONFIG-INVALID', {
      message: `The private key ${privateKeyPath} cannot be used: ${(cause as Error).message}`,
      where: privateKeyPath,
      hint: 'Name a private key without a passphrase, or leave `private_ssh_key_path` out: a key pair is made then.',
      cause,
    });
  }
}
