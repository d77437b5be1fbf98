import { CreateTagsCommand } from '@aws-sdk/client-ec2';
import { expect, it } from 'vitest';
import { leftovers } from '../../src/cloud/leftovers.ts';
import { describeDeployment, endpointOf, terminateMachines } from '../../src/cloud/machines.ts';
import { tagKeys, tagSpecifications } from '../../src/cloud/tags.ts';
import { run } from '../rehearsal/launching.ts';
import { freshName, region } from '../rehearsal/open-cloud.ts';
import { alteredCloud, shortPages } from './altered-cloud.ts';

const cloud = alteredCloud();
const tagged = ['instance', 'volume', 'network-interface', 'spot-instances-request'] as const;

async function launch(deployment: string, count = 1): Promise<string[]> {
  const machines = await run(cloud.ec2(), {
    MinCount: count,
    MaxCount: count,
    InstanceMarketOptions: { MarketType: 'spot' },
    TagSpecifications: tagSpecifications(tagged, { [tagKeys.deployment]: deployment }),
  });
  return machines.map(({ InstanceId }) => InstanceId ?? '');
}

const slowToEnd = {
  answer: (action: string, xml: string) =>
    action === 'DescribeInstances' ? xml.replaceAll('<name>terminated<', '<name>shutting-down<') : xml,
};

it('terminates a large fleet in calls of at most 500 machines', async () => {
  const ids = await launch(freshName('large'), 501);
  const sizes: number[] = [];
  await cloud.calling(() => terminateMachines(cloud.clients(), region, ids), {
    ask: (action, fields) => {
      if (action === 'TerminateInstances')
        sizes.push([...fields.keys()].filter((key) => key.startsWith('InstanceId')).length);
    },
  });
  expect(sizes).toEqual([500, 1]);
});

it('terminates the others when one is not known any more', async () => {
  const name = freshName('partly');
  const ids = await launch(name, 2);
  await terminateMachines(cloud.clients(), region, [...ids, 'i-0123456789abcdef0']);
  const states = (await describeDeployment(cloud.clients(), region, name)).map(({ state }) => state);
  expect(states).toEqual(['terminated', 'terminated']);
});

it('names the machines that do not end in time', async () => {
  const [id = ''] = await launch(freshName('slow'));
  const ending = cloud.calling(
    () => terminateMachines(cloud.clients(), region, [id], undefined, 0),
    slowToEnd,
  );
  await expect(ending).rejects.toMatchObject({
    code: 'SPOT-E-DESTROY-REMAINS',
    message: `1 machine has not ended in eu-west-1 yet: ${id} (shutting-down)`,
  });
});

it('stops waiting for machines to end when it is interrupted', async () => {
  const [id = ''] = await launch(freshName('interrupted'));
  const controller = new AbortController();
  const ending = cloud.calling(() => terminateMachines(cloud.clients(), region, [id], controller.signal), {
    answer: (action, xml) => {
      if (action === 'DescribeInstances') controller.abort();
      return slowToEnd.answer(action, xml);
    },
  });
  await expect(ending).rejects.toMatchObject({ name: 'AbortError' });
});

it('is led elsewhere by a tag only in a rehearsal', async () => {
  const name = freshName('diverted');
  const [id = ''] = await launch(name);
  const Tags = [{ Key: 'rehearsal:endpoint:22', Value: '192.0.2.1:2222' }];
  await cloud.ec2().send(new CreateTagsCommand({ Resources: [id], Tags }));
  const endpoint = async (target: 'aws' | 'local') => {
    const [machine] = await describeDeployment(cloud.clients(target), region, name);
    return machine && endpointOf(machine, 22);
  };
  expect(await endpoint('local')).toEqual({ host: '192.0.2.1', port: 2222 });
  expect(await endpoint('aws')).toEqual({ host: '127.0.0.1', port: 22 });
});

it('finds what is left by its tag, on however many pages, and nothing once it has ended', async () => {
  const name = freshName('left');
  const ids = await launch(name, 3);
  await launch(freshName('of-another'));
  let left: readonly string[] = [];
  await cloud.calling(async () => {
    left = await leftovers(cloud.clients(), region, name);
  }, shortPages);
  expect([...left].sort()).toEqual(ids.map((id) => `machine ${id} in eu-west-1 (running)`).sort());
  await terminateMachines(cloud.clients(), region, ids);
  expect(await leftovers(cloud.clients(), region, name)).toEqual([]);
});

it('names what a machine left behind', async () => {
  const name = freshName('orphans');
  await launch(name);
  let left: readonly string[] = [];
  // The machine is gone from every answer, and what it had is not.
  await cloud.calling(
    async () => {
      left = await leftovers(cloud.clients(), region, name);
    },
    {
      answer: (action, xml) => {
        if (action === 'DescribeTags')
          return xml.replace(/<item><resourceId>i-(?:(?!<\/item>).)*<\/item>/s, '');
        return xml
          .replaceAll(/<attachmentSet>.*?<\/attachmentSet>/gs, '')
          .replaceAll('>in-use<', '>available<');
      },
    },
  );
  expect(left).toEqual([
    expect.stringMatching(/^volume vol-[0-9a-f]+ in eu-west-1 \(available\)$/),
    expect.stringMatching(/^network interface eni-[0-9a-f]+ in eu-west-1 \(available\)$/),
    expect.stringMatching(/^spot instances request sir-[0-9a-z]+ in eu-west-1 \(active\)$/),
  ]);
});
