import {
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  DeleteSecurityGroupCommand,
  DescribeInstanceStatusCommand,
  DescribeInstancesCommand,
  DescribeNetworkInterfacesCommand,
  DescribeSpotInstanceRequestsCommand,
  DescribeVolumesCommand,
  StartInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { describe, expect, test } from 'vitest';
import { defaultSubnets } from '../../src/rehearsal/world/network.ts';
import { imageFor, instancesOf, run } from './launching.ts';
import { expectRefusal, freshName, paperCloud, region } from './open-cloud.ts';

const cloud = paperCloud();
const ec2 = () => cloud.ec2();
const spot = { InstanceMarketOptions: { MarketType: 'spot' as const } };

async function runOne(changes: Parameters<typeof run>[1] = {}): Promise<string> {
  const [instance] = await run(ec2(), changes);
  return instance?.InstanceId ?? '';
}

describe('a launch', () => {
  test('answers pending, and the machine then runs with what was asked for', async () => {
    const [subnet] = defaultSubnets(region).slice(2);
    const [launched] = await run(ec2(), {
      ...spot,
      SubnetId: subnet?.id,
      TagSpecifications: [
        { ResourceType: 'instance', Tags: [{ Key: 'name', Value: 'one' }] },
        { ResourceType: 'volume', Tags: [{ Key: 'disk', Value: 'root' }] },
      ],
      BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { VolumeSize: 30, Encrypted: true } }],
    });
    expect(launched?.State?.Name).toBe('pending');
    const id = launched?.InstanceId ?? '';
    const [instance] = await instancesOf(ec2(), { InstanceIds: [id] });
    expect(instance).toMatchObject({
      State: { Code: 16, Name: 'running' },
      Placement: { AvailabilityZone: `${region}c` },
      PublicIpAddress: '127.0.0.1',
      InstanceLifecycle: 'spot',
      Tags: [{ Key: 'name', Value: 'one' }],
    });
    const byInstance = [{ Name: 'attachment.instance-id', Values: [id] }];
    const volumes = await ec2().send(new DescribeVolumesCommand({ Filters: byInstance }));
    expect(volumes.Volumes).toMatchObject([
      { Size: 30, Encrypted: true, Tags: [{ Key: 'disk', Value: 'root' }] },
    ]);
    const interfaces = await ec2().send(new DescribeNetworkInterfacesCommand({ Filters: byInstance }));
    expect(interfaces.NetworkInterfaces).toMatchObject([{ SubnetId: subnet?.id }]);
    const requests = await ec2().send(
      new DescribeSpotInstanceRequestsCommand({
        SpotInstanceRequestIds: [instance?.SpotInstanceRequestId ?? ''],
      }),
    );
    expect(requests.SpotInstanceRequests).toMatchObject([{ InstanceId: id, State: 'active' }]);
  });

  test('publishes the ports that its groups open, each on a port of its own', async () => {
    const { GroupId: group = '' } = await ec2().send(
      new CreateSecurityGroupCommand({ GroupName: freshName('open'), Description: 'test' }),
    );
    const everyone = [{ CidrIp: '0.0.0.0/0' }];
    await ec2().send(
      new AuthorizeSecurityGroupIngressCommand({
        GroupId: group,
        IpPermissions: [
          { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: everyone },
          { IpProtocol: 'tcp', FromPort: 8080, ToPort: 8081, IpRanges: everyone },
          { IpProtocol: 'tcp', FromPort: 1000, ToPort: 2000, IpRanges: everyone },
          { IpProtocol: 'udp', FromPort: 53, ToPort: 53, IpRanges: everyone },
        ],
      }),
    );
    const launched = await run(ec2(), { MinCount: 2, MaxCount: 2, SecurityGroupIds: [group] });
    const tags = launched.flatMap((instance) => instance.Tags ?? []);
    expect(tags.map((tag) => tag.Key)).toEqual([
      'rehearsal:endpoint:22',
      'rehearsal:endpoint:8080',
      'rehearsal:endpoint:8081',
      'rehearsal:endpoint:22',
      'rehearsal:endpoint:8080',
      'rehearsal:endpoint:8081',
    ]);
    expect(new Set(tags.map((tag) => tag.Value)).size).toBe(6);
    await expectRefusal(
      ec2().send(new DeleteSecurityGroupCommand({ GroupId: group })),
      'DependencyViolation',
    );
    await ec2().send(
      new TerminateInstancesCommand({ InstanceIds: launched.map(({ InstanceId }) => InstanceId ?? '') }),
    );
    await ec2().send(new DeleteSecurityGroupCommand({ GroupId: group }));
  });

  test.each([
    ['an image that is not there', { ImageId: 'ami-0123456789abcdef0' }, 'InvalidAMIID.NotFound'],
    ['an image of another region', { ImageId: imageFor('x86_64', 'us-east-1') }, 'InvalidAMIID.NotFound'],
    ['no image id', { ImageId: 'debian' }, 'InvalidAMIID.Malformed'],
    ['no image', { ImageId: undefined }, 'MissingParameter'],
    ['a type that is not there', { InstanceType: 'z9.huge' as never }, 'InvalidParameterValue'],
    ['a type of another architecture', { InstanceType: 't4g.micro' as const }, 'InvalidParameterValue'],
    ['a group that is not there', { SecurityGroupIds: ['sg-0123456789abcdef0'] }, 'InvalidGroup.NotFound'],
    ['a key that is not there', { KeyName: 'never-was' }, 'InvalidKeyPair.NotFound'],
    ['a subnet that is not there', { SubnetId: 'subnet-0123456789abcdef0' }, 'InvalidSubnetID.NotFound'],
    ['a zone of another region', { Placement: { AvailabilityZone: 'us-east-1a' } }, 'InvalidParameterValue'],
    ['more at least than at most', { MinCount: 2, MaxCount: 1 }, 'InvalidParameterCombination'],
    ['no machines', { MinCount: 0, MaxCount: 0 }, 'InvalidParameterValue'],
    ['too much user data', { UserData: Buffer.alloc(16_385).toString('base64') }, 'InvalidParameterValue'],
    [
      'a price under the market',
      { InstanceMarketOptions: { MarketType: 'spot' as const, SpotOptions: { MaxPrice: '0.001' } } },
      'SpotMaxPriceTooLow',
    ],
    [
      'a persistent Spot request',
      {
        InstanceMarketOptions: {
          MarketType: 'spot' as const,
          SpotOptions: { SpotInstanceType: 'persistent' as const },
        },
      },
      'UnsupportedOperation',
    ],
    [
      'tags for what it does not make',
      { TagSpecifications: [{ ResourceType: 'vpc' as const, Tags: [{ Key: 'a', Value: 'b' }] }] },
      'InvalidParameterValue',
    ],
    ['a parameter the rehearsal does not have', { KernelId: 'aki-1' }, 'UnknownParameter'],
  ])('with %s is refused', async (_, changes, code) => {
    await expectRefusal(run(ec2(), changes), code);
  });

  test('with the same token launches once', async () => {
    const token = freshName('token');
    const [first] = await run(ec2(), { ClientToken: token });
    const [second] = await run(ec2(), { ClientToken: token });
    expect(second?.InstanceId).toBe(first?.InstanceId);
    expect(second?.State?.Name).toBe('running');
    await expectRefusal(
      run(ec2(), { ClientToken: token, InstanceType: 't3.small' }),
      'IdempotentParameterMismatch',
    );
    const found = await instancesOf(ec2(), { Filters: [{ Name: 'client-token', Values: [token] }] });
    expect(found).toHaveLength(1);
  });

  test('with the same token many times at once launches once', async () => {
    const token = freshName('token');
    const launches = await Promise.all(Array.from({ length: 8 }, () => run(ec2(), { ClientToken: token })));
    expect(new Set(launches.flat().map((instance) => instance.InstanceId)).size).toBe(1);
  });

  test('with a token that is too long is refused', async () => {
    await expectRefusal(run(ec2(), { ClientToken: 'x'.repeat(65) }), 'InvalidParameterValue');
  });
});

describe('a listing', () => {
  test('comes page by page, each machine once', async () => {
    const name = freshName('paged');
    const tags = [{ ResourceType: 'instance' as const, Tags: [{ Key: 'batch', Value: name }] }];
    const launched = await run(ec2(), { MinCount: 12, MaxCount: 12, TagSpecifications: tags });
    const seen: (string | undefined)[] = [];
    const sizes: number[] = [];
    let token: string | undefined;
    do {
      const answer = await ec2().send(
        new DescribeInstancesCommand({
          Filters: [{ Name: 'tag:batch', Values: [name] }],
          MaxResults: 5,
          ...(token === undefined ? {} : { NextToken: token }),
        }),
      );
      const ids = (answer.Reservations ?? []).flatMap(({ Instances = [] }) =>
        Instances.map(({ InstanceId }) => InstanceId),
      );
      seen.push(...ids);
      sizes.push(ids.length);
      token = answer.NextToken;
    } while (token !== undefined);
    expect(sizes).toEqual([5, 5, 2]);
    expect(seen.sort()).toEqual(launched.map((instance) => instance.InstanceId).sort());
  });

  test.each([
    [
      'ids together with a page size',
      { InstanceIds: ['i-0123456789abcdef0'], MaxResults: 5 },
      'InvalidParameterCombination',
    ],
    ['a page too small', { MaxResults: 4 }, 'InvalidParameterValue'],
    ['a page too large', { MaxResults: 1001 }, 'InvalidParameterValue'],
    ['a token of its own making', { MaxResults: 5, NextToken: 'bogus' }, 'InvalidParameterValue'],
    ['an id that cannot be', { InstanceIds: ['i-nonsense'] }, 'InvalidInstanceID.Malformed'],
    ['an id that is not', { InstanceIds: ['i-0123456789abcdef0'] }, 'InvalidInstanceID.NotFound'],
    ['an unknown filter', { Filters: [{ Name: 'colour', Values: ['red'] }] }, 'InvalidParameterValue'],
    [
      'a filter of 201 values',
      { Filters: [{ Name: 'instance-id', Values: Array.from({ length: 201 }, (_, n) => `i-${n}`) }] },
      'FilterLimitExceeded',
    ],
  ])('with %s is refused', async (_, input, code) => {
    await expectRefusal(instancesOf(ec2(), input), code);
  });

  test('knows every filter that it names by', async () => {
    const name = freshName('filtered');
    const id = await runOne({
      ...spot,
      TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: name, Value: 'a*b' }] }],
    });
    const matching = [
      { Name: 'tag-key', Values: [name] },
      { Name: `tag:${name}`, Values: ['a\\*b'] },
      { Name: `tag:${name}`, Values: ['?*'] },
      { Name: 'instance-state-name', Values: ['pending', 'running'] },
      { Name: 'instance-lifecycle', Values: ['spot'] },
      { Name: 'availability-zone', Values: [`${region}?`] },
      { Name: 'instance.group-name', Values: ['default'] },
    ];
    const byTag = { Name: 'tag-key', Values: [name] };
    for (const filter of matching) {
      const found = await instancesOf(ec2(), { Filters: [byTag, filter] });
      expect(
        found.map((instance) => instance.InstanceId),
        filter.Name,
      ).toEqual([id]);
    }
    for (const filter of [
      { Name: `tag:${name}`, Values: ['a\\*c'] },
      { Name: 'instance-state-name', Values: ['stopped'] },
    ]) {
      expect(await instancesOf(ec2(), { Filters: [byTag, filter] }), filter.Name).toEqual([]);
    }
  });

  test('of one region has nothing of another', async () => {
    const id = await runOne();
    await expectRefusal(
      instancesOf(cloud.ec2({ region: 'us-east-1' }), { InstanceIds: [id] }),
      'InvalidInstanceID.NotFound',
    );
  });

  test('of states shows running machines, and all when asked', async () => {
    const id = await runOne();
    await ec2().send(new TerminateInstancesCommand({ InstanceIds: [id] }));
    const status = async (all: boolean) => {
      const answer = await ec2().send(
        new DescribeInstanceStatusCommand({ InstanceIds: [id], IncludeAllInstances: all }),
      );
      return answer.InstanceStatuses?.map((each) => each.InstanceState?.Name);
    };
    expect(await status(false)).toEqual([]);
    expect(await status(true)).toEqual(['terminated']);
  });
});

describe('a machine', () => {
  test('is terminated, stays visible, and its request is closed', async () => {
    const id = await runOne(spot);
    const answer = await ec2().send(new TerminateInstancesCommand({ InstanceIds: [id] }));
    expect(answer.TerminatingInstances).toMatchObject([
      { InstanceId: id, CurrentState: { Name: 'shutting-down' }, PreviousState: { Name: 'running' } },
    ]);
    const [instance] = await instancesOf(ec2(), { InstanceIds: [id] });
    expect(instance).toMatchObject({
      State: { Name: 'terminated' },
      StateReason: { Code: 'Client.UserInitiatedShutdown' },
    });
    expect(instance?.PublicIpAddress).toBeUndefined();
    const requests = await ec2().send(
      new DescribeSpotInstanceRequestsCommand({
        SpotInstanceRequestIds: [instance?.SpotInstanceRequestId ?? ''],
      }),
    );
    expect(requests.SpotInstanceRequests?.[0]?.State).toBe('closed');
    const again = await ec2().send(new TerminateInstancesCommand({ InstanceIds: [id] }));
    expect(again.TerminatingInstances?.[0]?.CurrentState?.Name).toBe('terminated');
  });

  test('on demand is stopped and started again', async () => {
    const id = await runOne();
    await ec2().send(new StopInstancesCommand({ InstanceIds: [id] }));
    expect((await instancesOf(ec2(), { InstanceIds: [id] }))[0]?.State?.Name).toBe('stopped');
    await ec2().send(new StartInstancesCommand({ InstanceIds: [id] }));
    expect((await instancesOf(ec2(), { InstanceIds: [id] }))[0]?.State?.Name).toBe('running');
  });

  test('of a one-time Spot request cannot be stopped', async () => {
    const id = await runOne(spot);
    await expectRefusal(ec2().send(new StopInstancesCommand({ InstanceIds: [id] })), 'UnsupportedOperation');
  });

  test('that is not there cannot be terminated, and then none is', async () => {
    const id = await runOne();
    await expectRefusal(
      ec2().send(new TerminateInstancesCommand({ InstanceIds: [id, 'i-0123456789abcdef0'] })),
      'InvalidInstanceID.NotFound',
    );
    expect((await instancesOf(ec2(), { InstanceIds: [id] }))[0]?.State?.Name).toBe('running');
  });
});
