import { generateKeyPairSync } from 'node:crypto';
import { DeleteKeyPairCommand, DescribeKeyPairsCommand, ImportKeyPairCommand } from '@aws-sdk/client-ec2';
import { describe, expect, test } from 'vitest';
import { expectRefusal, freshName, paperCloud } from './open-cloud.ts';

const cloud = paperCloud();

/** An ed25519 public key in OpenSSH's form. */
function publicKey(): string {
  const { publicKey: key } = generateKeyPairSync('ed25519');
  const raw = Buffer.from(key.export({ format: 'jwk' }).x ?? '', 'base64url');
  const field = (data: Buffer) => Buffer.concat([Buffer.from([0, 0, 0, data.length]), data]);
  return `ssh-ed25519 ${Buffer.concat([field(Buffer.from('ssh-ed25519')), field(raw)]).toString('base64')} me@here`;
}

function importKey(name: string, text = publicKey()) {
  return cloud.ec2().send(new ImportKeyPairCommand({ KeyName: name, PublicKeyMaterial: Buffer.from(text) }));
}

describe('a key pair', () => {
  test('is imported, shown with its public key, and deleted', async () => {
    const name = freshName('key');
    const text = publicKey();
    const { KeyPairId: id, KeyFingerprint: fingerprint } = await importKey(name, text);
    expect(fingerprint).toMatch(/^[A-Za-z0-9+/]{43}=$/);
    const shown = await cloud
      .ec2()
      .send(new DescribeKeyPairsCommand({ KeyNames: [name], IncludePublicKey: true }));
    expect(shown.KeyPairs).toMatchObject([{ KeyPairId: id, KeyType: 'ed25519', PublicKey: text }]);
    await cloud.ec2().send(new DeleteKeyPairCommand({ KeyName: name }));
    await expectRefusal(
      cloud.ec2().send(new DescribeKeyPairsCommand({ KeyNames: [name] })),
      'InvalidKeyPair.NotFound',
    );
  });

  test('keeps its public key to itself unless asked', async () => {
    const name = freshName('key');
    await importKey(name);
    const shown = await cloud.ec2().send(new DescribeKeyPairsCommand({ KeyNames: [name] }));
    expect(shown.KeyPairs?.[0]?.PublicKey).toBeUndefined();
  });

  test('has a name of its own', async () => {
    const name = freshName('key');
    await importKey(name);
    await expectRefusal(importKey(name), 'InvalidKeyPair.Duplicate');
  });

  test.each([['nonsense'], ['ssh-ed25519 AAAA'], ['ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTY=']])(
    'that reads %j is refused',
    async (text) => {
      await expectRefusal(importKey(freshName('key'), text), 'InvalidKey.Format');
    },
  );

  test('that is not there can be deleted', async () => {
    const answer = await cloud.ec2().send(new DeleteKeyPairCommand({ KeyName: 'never-was' }));
    expect(answer.Return).toBe(true);
  });
});
