import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EC2Client } from '@aws-sdk/client-ec2';
import { SSMClient } from '@aws-sdk/client-ssm';
import { STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, expect } from 'vitest';
import {
  openRehearsalCloud,
  type RehearsalCloud,
  type RehearsalOptions,
} from '../../src/rehearsal/rehearsal-cloud.ts';

export const region = 'eu-west-1';

/** A rehearsal cloud whose machines exist on paper, for the tests of one file. */
export function paperCloud(options: RehearsalOptions = {}) {
  let cloud: RehearsalCloud;
  let folder: string;
  const settings = () => ({
    region,
    endpoint: cloud.endpoint,
    credentials: cloud.credentials,
    maxAttempts: 1,
  });
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'spot-rehearsal-test-'));
    cloud = await openRehearsalCloud({
      cacheFolder: folder,
      machines: 'none',
      visibleAfterMs: 0,
      ...options,
    });
  });
  afterAll(async () => {
    await cloud.close();
    await rm(folder, { recursive: true, force: true });
  });
  return {
    endpoint: () => cloud.endpoint,
    credentials: () => cloud.credentials,
    folder: () => folder,
    ec2: (changes: { region?: string } = {}) => new EC2Client({ ...settings(), ...changes }),
    ssm: (changes: { credentials?: RehearsalCloud['credentials'] } = {}) =>
      new SSMClient({ ...settings(), ...changes }),
    sts: () => new STSClient(settings()),
  };
}

/** The call is refused with this code. */
export async function expectRefusal(call: Promise<unknown>, code: string): Promise<void> {
  await expect(call).rejects.toMatchObject({ name: code });
}

/** A name that no other test uses. */
let names = 0;
export function freshName(kind: string): string {
  return `${kind}-${++names}`;
}
