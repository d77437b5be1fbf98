import ssh2 from 'ssh2';
import { expect, test } from 'vitest';
import { generateKeyPair } from '../../src/state/key-pair.ts';

/** Enough to meet a public key that begins with a zero byte: all of them pass by chance once in 2,500 runs. */
const pairs = 2_000;

test('every key pair is one that OpenSSH can read, also where its public key begins with a zero byte', async () => {
  for (let made = 0; made < pairs; made += 1) {
    const { privateKey, publicKey } = await generateKeyPair('test');
    const parsed = ssh2.utils.parseKey(privateKey);
    if (parsed instanceof Error) throw parsed;
    expect(publicKey).toBe(`ssh-ed25519 ${parsed.getPublicSSH().toString('base64')} test`);
    // Four bytes of length and `ssh-ed25519`, four bytes of length and the key (RFC 8709).
    expect(parsed.getPublicSSH()).toHaveLength(51);
  }
});
