import { createHash } from 'node:crypto';

/** The wire form of an OpenSSH public key line (`ssh-ed25519 AAAA… comment`): what a server shows at connect. */
export function hostKeyBytes(publicKey: string): Buffer {
  return Buffer.from(publicKey.trim().split(/\s+/)[1] ?? '', 'base64');
}

/** Whether the key that a server showed is the public key of this line. */
export function isHostKey(shown: Buffer, publicKey: string): boolean {
  const expected = hostKeyBytes(publicKey);
  return expected.length > 0 && shown.equals(expected);
}

/** A key's fingerprint as `ssh-keygen -l` prints it: `SHA256:` and unpadded base64. */
export function fingerprint(key: Buffer): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
}
