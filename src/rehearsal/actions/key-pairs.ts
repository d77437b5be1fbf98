import { createHash } from 'node:crypto';
import { type Actions, type Call, tagging } from '../api/action.ts';
import { ApiError } from '../api/api-error.ts';
import { filtered } from '../api/filters.ts';
import { tagSet, tagsFor } from '../api/tag-specifications.ts';
import type { XmlObject } from '../api/xml.ts';
import { emptyState, type KeyPair } from '../store/cloud-state.ts';
import { freshId } from '../world/identifiers.ts';

/**
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ImportKeyPair.html
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeKeyPairs.html
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteKeyPair.html
 */
export const keyPairActions: Actions = {
  ImportKeyPair: {
    parameters: ['KeyName', 'PublicKeyMaterial', 'DryRun', ...tagging],
    handle: importKeyPair,
  },
  DescribeKeyPairs: {
    parameters: [
      'KeyName.N',
      'KeyPairId.N',
      'IncludePublicKey',
      'Filter.N.Name',
      'Filter.N.Value.N',
      'DryRun',
    ],
    handle: describeKeyPairs,
  },
  DeleteKeyPair: {
    parameters: ['KeyName', 'KeyPairId', 'DryRun'],
    handle: ({ cloud, region, parameters }) => {
      const name = parameters.text('KeyName');
      const id = parameters.text('KeyPairId');
      if (name === undefined && id === undefined) {
        throw new ApiError('MissingParameter', 'The request must contain the parameter KeyName or KeyPairId');
      }
      return cloud.store.update((state) => {
        const key = Object.values(state.keyPairs).find(
          (each) => each.region === region && (each.name === name || each.id === id),
        );
        // Deleting what is not there succeeds.
        if (key === undefined) return { return: true };
        delete state.keyPairs[key.id];
        delete state.tags[key.id];
        return { return: true, keyPairId: key.id };
      });
    },
  },
};

function importKeyPair({ cloud, region, parameters }: Call): Promise<XmlObject> {
  const name = parameters.requiredText('KeyName');
  const publicKey = Buffer.from(parameters.requiredText('PublicKeyMaterial'), 'base64').toString().trim();
  const { type, fingerprint } = readPublicKey(publicKey);
  const tags = tagsFor(parameters, 'key-pair', ['key-pair']);
  return cloud.store.update((state) => {
    const keys = Object.values(state.keyPairs).filter((each) => each.region === region);
    if (keys.some((each) => each.name === name)) {
      throw new ApiError('InvalidKeyPair.Duplicate', `The keypair already exists`);
    }
    const id = freshId('key');
    state.keyPairs[id] = {
      id,
      region,
      name,
      type,
      fingerprint,
      publicKey,
      createdAt: cloud.now().toISOString(),
    };
    if (Object.keys(tags).length > 0) state.tags[id] = { ...tags };
    return { keyName: name, keyFingerprint: fingerprint, keyPairId: id, tagSet: tagSet(tags) };
  });
}

/**
 * AWS takes RSA and ED25519 keys. It names an ED25519 key by the SHA-256 that OpenSSH shows, and an imported RSA
 * key by the MD5 of its DER form; here MD5 of the OpenSSH form, which no one compares.
 */
function readPublicKey(text: string): Pick<KeyPair, 'type' | 'fingerprint'> {
  const [algorithm, data] = text.split(/\s+/);
  const blob = Buffer.from(data ?? '', 'base64');
  const nameLength = blob.length > 4 ? blob.readUInt32BE(0) : 0;
  const consistent = blob.subarray(4, 4 + nameLength).toString() === algorithm;
  if (consistent && algorithm === 'ssh-ed25519') {
    return { type: 'ed25519', fingerprint: createHash('sha256').update(blob).digest('base64') };
  }
  if (consistent && algorithm === 'ssh-rsa') {
    const digits = createHash('md5').update(blob).digest('hex').match(/../g) ?? [];
    return { type: 'rsa', fingerprint: digits.join(':') };
  }
  throw new ApiError('InvalidKey.Format', 'Key is not in valid OpenSSH public key format');
}

async function describeKeyPairs({ cloud, region, parameters }: Call): Promise<XmlObject> {
  const state = (await cloud.store.read()) ?? emptyState();
  const keys = Object.values(state.keyPairs).filter((key) => key.region === region);
  const names = parameters.texts('KeyName');
  const ids = parameters.texts('KeyPairId');
  const missing =
    names.find((name) => !keys.some((key) => key.name === name)) ??
    ids.find((id) => !keys.some((key) => key.id === id));
  if (missing !== undefined)
    throw new ApiError('InvalidKeyPair.NotFound', `The key pair '${missing}' does not exist`);
  const chosen = keys.filter(
    (key) => (names.length === 0 || names.includes(key.name)) && (ids.length === 0 || ids.includes(key.id)),
  );
  const shown = filtered(
    parameters,
    chosen,
    {
      fingerprint: (key) => [key.fingerprint],
      'key-name': (key) => [key.name],
      'key-pair-id': (key) => [key.id],
    },
    (key) => state.tags[key.id] ?? {},
  );
  const withPublicKey = parameters.flag('IncludePublicKey') ?? false;
  return {
    keySet: shown.map((key) => ({
      keyPairId: key.id,
      keyName: key.name,
      keyType: key.type,
      keyFingerprint: key.fingerprint,
      createTime: key.createdAt,
      ...(withPublicKey ? { publicKey: key.publicKey } : {}),
      tagSet: tagSet(state.tags[key.id]),
    })),
  };
}
