import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { instancesOf, run } from './launching.ts';
import { expectRefusal, paperCloud } from './open-cloud.ts';

const cloud = paperCloud({ machines: 'docker' });

describe('where there is no docker command', () => {
  const { PATH: path } = process.env;
  beforeAll(() => {
    process.env.PATH = '/nonexistent';
  });
  afterAll(() => {
    process.env.PATH = path;
  });

  test('there are no machines, and none is remembered to be none', async () => {
    expect(await instancesOf(cloud.ec2(), {})).toEqual([]);
    await expect(readFile(join(cloud.folder(), 'rehearsal', 'cloud.json'))).rejects.toThrow('ENOENT');
  });

  test('a launch is refused with the code for it, in the error and in a header', async () => {
    const launch = run(cloud.ec2());
    await expect(launch).rejects.toMatchObject({
      name: 'Rehearsal.SPOT-E-DOCKER-NONE',
      $response: { headers: { 'x-rehearsal-error': 'SPOT-E-DOCKER-NONE' } },
      $metadata: { httpStatusCode: 400 },
    });
    expect(await instancesOf(cloud.ec2(), {})).toEqual([]);
  });

  test('a token is free again after its launch failed', async () => {
    const launch = () => run(cloud.ec2(), { ClientToken: 'again' });
    await expectRefusal(launch(), 'Rehearsal.SPOT-E-DOCKER-NONE');
    await expectRefusal(launch(), 'Rehearsal.SPOT-E-DOCKER-NONE');
  });
});
