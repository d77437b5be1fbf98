import {
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  DeleteSecurityGroupCommand,
  DescribeSecurityGroupsCommand,
  RevokeSecurityGroupIngressCommand,
} from '@aws-sdk/client-ec2';
import { describe, expect, test } from 'vitest';
import { expectRefusal, freshName, paperCloud } from './open-cloud.ts';

const cloud = paperCloud();
const ssh = {
  IpProtocol: 'tcp',
  FromPort: 22,
  ToPort: 22,
  IpRanges: [{ CidrIp: '203.0.113.7/32', Description: 'me' }],
};

async function createGroup(name = freshName('group')): Promise<string> {
  const { GroupId: id } = await cloud
    .ec2()
    .send(new CreateSecurityGroupCommand({ GroupName: name, Description: 'test' }));
  return id ?? '';
}

async function describeGroup(id: string) {
  const answer = await cloud.ec2().send(new DescribeSecurityGroupsCommand({ GroupIds: [id] }));
  return answer.SecurityGroups?.[0];
}

describe('a security group', () => {
  test('is made with its tags, is found by them, and goes', async () => {
    const name = freshName('tagged');
    const tags = [{ Key: 'spot-deployer:deployment', Value: 'a & <b> "ü"' }];
    const made = await cloud.ec2().send(
      new CreateSecurityGroupCommand({
        GroupName: name,
        Description: 'test',
        TagSpecifications: [{ ResourceType: 'security-group', Tags: tags }],
      }),
    );
    const found = await cloud.ec2().send(
      new DescribeSecurityGroupsCommand({
        Filters: [{ Name: 'tag:spot-deployer:deployment', Values: ['a & <b> "ü"'] }],
      }),
    );
    expect(found.SecurityGroups?.map((group) => [group.GroupId, group.Tags])).toEqual([[made.GroupId, tags]]);
    await cloud.ec2().send(new DeleteSecurityGroupCommand({ GroupId: made.GroupId }));
    await expectRefusal(
      cloud.ec2().send(new DescribeSecurityGroupsCommand({ GroupIds: [made.GroupId ?? ''] })),
      'InvalidGroup.NotFound',
    );
  });

  test('lives in its region only', async () => {
    const id = await createGroup();
    await expectRefusal(
      cloud.ec2({ region: 'us-east-1' }).send(new DescribeSecurityGroupsCommand({ GroupIds: [id] })),
      'InvalidGroup.NotFound',
    );
  });

  test('has a name of its own', async () => {
    const name = freshName('once');
    await createGroup(name);
    await expectRefusal(createGroup(name), 'InvalidGroup.Duplicate');
    await expectRefusal(createGroup('sg-mine'), 'InvalidParameterValue');
    await expectRefusal(createGroup('grüße'), 'InvalidParameterValue');
  });

  test('needs an id of the right form', async () => {
    await expectRefusal(describeGroup('sg-nonsense'), 'InvalidGroupId.Malformed');
    await expectRefusal(describeGroup('sg-0123456789abcdef0'), 'InvalidGroup.NotFound');
  });

  test('named default cannot be deleted', async () => {
    await expectRefusal(
      cloud.ec2().send(new DeleteSecurityGroupCommand({ GroupName: 'default' })),
      'CannotDelete',
    );
  });

  test('that a rule of another group names stays', async () => {
    const [named, naming] = [await createGroup(), await createGroup()];
    await cloud.ec2().send(
      new AuthorizeSecurityGroupIngressCommand({
        GroupId: naming,
        IpPermissions: [{ IpProtocol: '-1', UserIdGroupPairs: [{ GroupId: named }] }],
      }),
    );
    await expectRefusal(
      cloud.ec2().send(new DeleteSecurityGroupCommand({ GroupId: named })),
      'DependencyViolation',
    );
  });
});

describe('a rule', () => {
  test('is added, shown, refused the second time, and revoked', async () => {
    const id = await createGroup();
    const rules = {
      GroupId: id,
      IpPermissions: [ssh, { ...ssh, Ipv6Ranges: [{ CidrIpv6: '::/0' }], IpRanges: [] }],
    };
    const added = await cloud.ec2().send(new AuthorizeSecurityGroupIngressCommand(rules));
    expect(added.SecurityGroupRules?.map((rule) => rule.CidrIpv4 ?? rule.CidrIpv6)).toEqual([
      '203.0.113.7/32',
      '::/0',
    ]);
    expect((await describeGroup(id))?.IpPermissions).toEqual([
      { ...ssh, Ipv6Ranges: [{ CidrIpv6: '::/0' }], UserIdGroupPairs: [], PrefixListIds: [] },
    ]);
    await expectRefusal(
      cloud.ec2().send(new AuthorizeSecurityGroupIngressCommand({ GroupId: id, IpPermissions: [ssh] })),
      'InvalidPermission.Duplicate',
    );
    await cloud.ec2().send(new RevokeSecurityGroupIngressCommand(rules));
    expect((await describeGroup(id))?.IpPermissions).toEqual([]);
    await expectRefusal(
      cloud.ec2().send(new RevokeSecurityGroupIngressCommand(rules)),
      'InvalidPermission.NotFound',
    );
  });

  test('can be given by the short parameters', async () => {
    const id = await createGroup();
    await cloud.ec2().send(
      new AuthorizeSecurityGroupIngressCommand({
        GroupId: id,
        IpProtocol: 'tcp',
        FromPort: 80,
        ToPort: 80,
        CidrIp: '0.0.0.0/0',
      }),
    );
    expect((await describeGroup(id))?.IpPermissions?.[0]?.FromPort).toBe(80);
  });

  test.each([
    [
      'a CIDR block with bits too many',
      { ...ssh, IpRanges: [{ CidrIp: '1.2.3.4/33' }] },
      'InvalidParameterValue',
    ],
    ['an address without a length', { ...ssh, IpRanges: [{ CidrIp: '1.2.3.4' }] }, 'InvalidParameterValue'],
    ['no port', { IpProtocol: 'tcp', IpRanges: ssh.IpRanges }, 'MissingParameter'],
    ['a range the wrong way round', { ...ssh, FromPort: 23 }, 'InvalidParameterValue'],
    ['an unknown protocol', { ...ssh, IpProtocol: 'carrier-pigeon' }, 'InvalidPermission.Malformed'],
    ['no source', { IpProtocol: 'tcp', FromPort: 1, ToPort: 1 }, 'MissingParameter'],
    [
      'an unknown group',
      { IpProtocol: '-1', UserIdGroupPairs: [{ GroupId: 'sg-0123456789abcdef0' }] },
      'InvalidGroup.NotFound',
    ],
  ])('with %s is refused', async (_, rule, code) => {
    const id = await createGroup();
    await expectRefusal(
      cloud.ec2().send(new AuthorizeSecurityGroupIngressCommand({ GroupId: id, IpPermissions: [rule] })),
      code,
    );
  });
});
