import {
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  DescribeSecurityGroupsCommand,
  type IpPermission,
} from '@aws-sdk/client-ec2';
import { expect, it } from 'vitest';
import {
  defaultNetwork,
  ensureSecurityGroup,
  findSecurityGroups,
  type Ingress,
} from '../../src/cloud/network.ts';
import { tagKeys, tagSpecifications } from '../../src/cloud/tags.ts';
import { freshName, region } from '../rehearsal/open-cloud.ts';
import { alteredCloud, shortPages } from './altered-cloud.ts';

const cloud = alteredCloud();

async function ensure(deployment: string, ingress: readonly Ingress[]): Promise<string> {
  const clients = cloud.clients();
  const { vpc } = await defaultNetwork(clients, region);
  return ensureSecurityGroup(clients, region, {
    deployment,
    vpc,
    ingress,
    tags: { [tagKeys.deployment]: deployment },
  });
}

async function rulesOf(group: string): Promise<readonly string[]> {
  const answer = await cloud.ec2().send(new DescribeSecurityGroupsCommand({ GroupIds: [group] }));
  const sources = ({ IpRanges, Ipv6Ranges, UserIdGroupPairs }: IpPermission) => [
    ...(IpRanges ?? []).map(({ CidrIp }) => CidrIp),
    ...(Ipv6Ranges ?? []).map(({ CidrIpv6 }) => CidrIpv6),
    ...(UserIdGroupPairs ?? []).map(({ GroupId }) => GroupId),
  ];
  return (answer.SecurityGroups?.[0]?.IpPermissions ?? []).flatMap((rule) =>
    sources(rule).map((source) => `${rule.IpProtocol} ${rule.FromPort} ${source}`),
  );
}

it('closes what is not asked for any more', async () => {
  const name = freshName('narrowed');
  const open = await ensure(name, [
    { port: 22, cidrs: ['0.0.0.0/0', '::/0'] },
    { port: 8080, cidrs: ['0.0.0.0/0'] },
  ]);
  expect(await rulesOf(open)).toEqual(['tcp 22 0.0.0.0/0', 'tcp 22 ::/0', 'tcp 8080 0.0.0.0/0']);
  expect(await ensure(name, [{ port: 22, cidrs: ['203.0.113.7/32'] }])).toBe(open);
  expect(await rulesOf(open)).toEqual(['tcp 22 203.0.113.7/32']);
});

it('closes what somebody else opened', async () => {
  const name = freshName('foreign');
  const wanted = [{ port: 22, cidrs: ['203.0.113.7/32'] }];
  const group = await ensure(name, wanted);
  await cloud.ec2().send(
    new AuthorizeSecurityGroupIngressCommand({
      GroupId: group,
      IpPermissions: [
        { IpProtocol: '-1', IpRanges: [{ CidrIp: '10.0.0.0/8', Description: 'all of us' }] },
        { IpProtocol: 'udp', FromPort: 22, ToPort: 23, UserIdGroupPairs: [{ GroupId: group }] },
      ],
    }),
  );
  await ensure(name, wanted);
  expect(await rulesOf(group)).toEqual(['tcp 22 203.0.113.7/32']);
});

it('changes nothing when nothing has changed', async () => {
  const name = freshName('same');
  const wanted = [{ port: 22, cidrs: ['203.0.113.7/24', '2001:0DB8::1/32'] }];
  const group = await ensure(name, wanted);
  expect(await rulesOf(group)).toEqual(['tcp 22 203.0.113.0/24', 'tcp 22 2001:db8::/32']);
  const calls = await cloud.calling(() => ensure(name, wanted));
  expect(calls).toEqual(['DescribeVpcs', 'DescribeSubnets', 'DescribeSecurityGroups']);
});

it('goes on with the group whose making was answered to nobody', async () => {
  const name = freshName('unanswered');
  let group = '';
  let lost = false;
  await cloud.calling(
    async () => {
      group = await ensure(name, [{ port: 22, cidrs: ['203.0.113.7/32'] }]);
    },
    {
      answer: (action, xml) => {
        if (action !== 'CreateSecurityGroup' || lost) return xml;
        lost = true;
        return undefined;
      },
    },
  );
  expect(lost).toBe(true);
  expect(await rulesOf(group)).toEqual(['tcp 22 203.0.113.7/32']);
});

it("leaves a stranger's group of the same name alone", async () => {
  const name = freshName('stranger');
  await cloud
    .ec2()
    .send(new CreateSecurityGroupCommand({ GroupName: `spot-${name}`, Description: 'not ours' }));
  await expect(ensure(name, [])).rejects.toThrow(/InvalidGroup\.Duplicate/);
});

it('finds every group, on however many pages', async () => {
  const name = freshName('many');
  const made = await Promise.all(
    Array.from({ length: 7 }, async () => {
      const command = new CreateSecurityGroupCommand({
        GroupName: freshName('group'),
        Description: 'one of many',
        TagSpecifications: tagSpecifications(['security-group'], { [tagKeys.deployment]: name }),
      });
      return (await cloud.ec2().send(command)).GroupId;
    }),
  );
  let found: readonly string[] = [];
  await cloud.calling(async () => {
    found = await findSecurityGroups(cloud.clients(), region, name);
  }, shortPages);
  expect([...found].sort()).toEqual(made.sort());
});
