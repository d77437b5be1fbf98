import { CreateTagsCommand, DeleteTagsCommand, DescribeTagsCommand } from '@aws-sdk/client-ec2';
import { describe, expect, test } from 'vitest';
import { run } from './launching.ts';
import { expectRefusal, paperCloud } from './open-cloud.ts';

const cloud = paperCloud();

async function freshInstance(): Promise<string> {
  const [instance] = await run(cloud.ec2());
  return instance?.InstanceId ?? '';
}

async function tagsOf(id: string): Promise<Record<string, string>> {
  const answer = await cloud
    .ec2()
    .send(new DescribeTagsCommand({ Filters: [{ Name: 'resource-id', Values: [id] }] }));
  return Object.fromEntries((answer.Tags ?? []).map((tag) => [tag.Key ?? '', tag.Value ?? '']));
}

function create(id: string, tags: Record<string, string>) {
  const list = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  return cloud.ec2().send(new CreateTagsCommand({ Resources: [id], Tags: list }));
}

describe('tags', () => {
  test('are set, replaced, and taken away', async () => {
    const id = await freshInstance();
    await create(id, { a: '1', b: '2', empty: '' });
    await create(id, { a: 'one' });
    expect(await tagsOf(id)).toEqual({ a: 'one', b: '2', empty: '' });
    const remove = (Tags?: { Key: string; Value?: string }[]) =>
      cloud.ec2().send(new DeleteTagsCommand({ Resources: [id], ...(Tags === undefined ? {} : { Tags }) }));
    await remove([{ Key: 'a', Value: 'another' }, { Key: 'b' }]);
    expect(await tagsOf(id)).toEqual({ a: 'one', empty: '' });
    await remove();
    expect(await tagsOf(id)).toEqual({});
  });

  test('say what they are on', async () => {
    const id = await freshInstance();
    await create(id, { kind: 'x' });
    const answer = await cloud.ec2().send(
      new DescribeTagsCommand({
        Filters: [
          { Name: 'tag:kind', Values: ['x'] },
          { Name: 'resource-type', Values: ['instance'] },
        ],
      }),
    );
    expect(answer.Tags).toEqual([{ ResourceId: id, ResourceType: 'instance', Key: 'kind', Value: 'x' }]);
  });

  test.each([
    ['with a reserved key', { 'aws:mine': 'x' }, 'InvalidParameterValue'],
    ['with a key over 128 characters', { ['k'.repeat(129)]: 'x' }, 'InvalidParameterValue'],
    ['with a value over 256 characters', { k: 'v'.repeat(257) }, 'InvalidParameterValue'],
    ['over 50', Object.fromEntries(Array.from({ length: 51 }, (_, n) => [`k${n}`, 'v'])), 'TagLimitExceeded'],
    ['of no kind', {}, 'MissingParameter'],
  ])('%s are refused', async (_, tags, code) => {
    await expectRefusal(create(await freshInstance(), tags), code);
  });

  test('over 50 in two steps are refused', async () => {
    const id = await freshInstance();
    const many = (from: number, to: number) =>
      Object.fromEntries(Array.from({ length: to - from }, (_, n) => [`k${from + n}`, 'v']));
    await create(id, many(0, 50));
    await expectRefusal(create(id, many(50, 51)), 'TagLimitExceeded');
  });

  test.each([
    ['i-0123456789abcdef0', 'InvalidInstanceID.NotFound'],
    ['sg-0123456789abcdef0', 'InvalidGroup.NotFound'],
    ['nonsense', 'InvalidID'],
  ])('on %s are refused', async (id, code) => {
    await expectRefusal(create(id, { a: 'b' }), code);
  });
});
