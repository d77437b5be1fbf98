import { chmodSync, existsSync, readFileSync } from 'node:fs';
import { writeFileAtomically } from './atomic-file.ts';

/** An ed25519 key pair in OpenSSH's formats: a PEM-like private key, and `ssh-ed25519 AAAA… comment`. */
export interface KeyPair {
  readonly privateKey: string;
  readonly publicKey: string;
}

/** A new ed25519 key pair. */
export async function generateKeyPair(comment: string): Promise<KeyPair> {
  // ssh2 costs start-up time that commands without a new key should not pay.
  const { default: ssh2 } = await import('ssh2');
  for (;;) {
    const pair = ssh2.utils.generateKeyPairSync('ed25519', { comment });
    // ssh2 1.17 drops the first byte of a public key where it is zero: one pair in 256 is no key to anybody.
    if (!(ssh2.utils.parseKey(pair.private) instanceof Error)) {
      return { privateKey: pair.private, publicKey: pair.public };
    }
  }
}

/** The key pair kept at `path` (and `path.pub`); made the first time it is asked for. Private part 0600. */
export async function ensureKeyPair(path: string, comment: string): Promise<KeyPair> {
  if (!existsSync(path)) {
    const pair = await generateKeyPair(comment);
    writeFileAtomically(`${path}.pub`, `${pair.publicKey}\n`);
    writeFileAtomically(path, pair.privateKey);
    return pair;
  }
  chmodSync(path, 0o600);
  return { privateKey: readFileSync(path, 'utf8'), publicKey: readFileSync(`${path}.pub`, 'utf8').trim() };
}

/**
 * A key pair of the user's own. The public half is read from its file, or derived from the private one.
 * @throws Error when the private key cannot be read, or has a passphrase
 */
export async function readKeyPair(privatePath: string, publicPath: string | undefined): Promise<KeyPair> {
  const { default: ssh2 } = await import('ssh2');
  const privateKey = readFileSync(privatePath, 'utf8');
  const parsed = ssh2.utils.parseKey(privateKey);
  if (parsed instanceof Error) throw parsed;
  const derived = `${parsed.type} ${parsed.getPublicSSH().toString('base64')}`;
  return {
    privateKey,
    publicKey: publicPath === undefined ? derived : readFileSync(publicPath, 'utf8').trim(),
  };
}
