import {
  DescribeAvailabilityZonesCommand,
  DescribeImagesCommand,
  DescribeInstanceTypeOfferingsCommand,
  DescribeInstanceTypesCommand,
  DescribeRegionsCommand,
  DescribeSpotPriceHistoryCommand,
  DescribeSubnetsCommand,
  DescribeVpcsCommand,
} from '@aws-sdk/client-ec2';
import { describe, expect, test } from 'vitest';
import { calmMarket } from '../../src/rehearsal/world/market.ts';
import { zonesOf } from '../../src/rehearsal/world/regions.ts';
import { imageFor } from './launching.ts';
import { expectRefusal, paperCloud, region } from './open-cloud.ts';

const now = new Date('2026-03-04T05:06:07Z');
const cloud = paperCloud({ now: () => now });

describe('the world', () => {
  test('has the regions of every account', async () => {
    const { Regions: regions = [] } = await cloud.ec2().send(new DescribeRegionsCommand({}));
    expect(regions).toHaveLength(17);
    expect(regions.map((each) => each.RegionName)).toContain('ap-northeast-3');
    await expectRefusal(
      cloud.ec2().send(new DescribeRegionsCommand({ RegionNames: ['mars-1'] })),
      'InvalidParameterValue',
    );
  });

  test('names zones as AWS does', () => {
    expect(zonesOf('us-east-1')[0]).toEqual({ name: 'us-east-1a', id: 'use1-az1', region: 'us-east-1' });
    expect(zonesOf('ap-southeast-2')[2]?.id).toBe('apse2-az3');
  });

  test('has three zones a region, each with a default subnet in the default VPC', async () => {
    const { AvailabilityZones: zones = [] } = await cloud
      .ec2()
      .send(new DescribeAvailabilityZonesCommand({}));
    const { Vpcs: vpcs = [] } = await cloud
      .ec2()
      .send(new DescribeVpcsCommand({ Filters: [{ Name: 'is-default', Values: ['true'] }] }));
    expect(vpcs).toHaveLength(1);
    const { Subnets: subnets = [] } = await cloud.ec2().send(
      new DescribeSubnetsCommand({
        Filters: [
          { Name: 'vpc-id', Values: [vpcs[0]?.VpcId ?? ''] },
          { Name: 'default-for-az', Values: ['true'] },
        ],
      }),
    );
    expect(subnets.map((subnet) => subnet.AvailabilityZone).sort()).toEqual(
      zones.map((zone) => zone.ZoneName).sort(),
    );
    await expectRefusal(
      cloud.ec2().send(new DescribeSubnetsCommand({ SubnetIds: ['subnet-0'] })),
      'InvalidSubnetID.NotFound',
    );
  });

  test('tells what a type is and where it is offered', async () => {
    const { InstanceTypes: types } = await cloud
      .ec2()
      .send(new DescribeInstanceTypesCommand({ InstanceTypes: ['m7g.medium'] }));
    expect(types).toMatchObject([
      {
        VCpuInfo: { DefaultVCpus: 1 },
        MemoryInfo: { SizeInMiB: 4096 },
        ProcessorInfo: { SupportedArchitectures: ['arm64'] },
      },
    ]);
    await expectRefusal(
      cloud.ec2().send(new DescribeInstanceTypesCommand({ InstanceTypes: ['z9.huge' as never] })),
      'InvalidInstanceType',
    );
    const { InstanceTypeOfferings: offerings = [] } = await cloud.ec2().send(
      new DescribeInstanceTypeOfferingsCommand({
        LocationType: 'availability-zone',
        Filters: [{ Name: 'instance-type', Values: ['t3.micro', 'z9.huge'] }],
      }),
    );
    expect(offerings.map((offering) => offering.Location)).toEqual(zonesOf(region).map((zone) => zone.name));
  });

  test('has images by id, owner and name', async () => {
    const byId = await cloud.ec2().send(new DescribeImagesCommand({ ImageIds: [imageFor()] }));
    expect(byId.Images?.[0]?.ImageId).toBe(imageFor());
    const byName = await cloud.ec2().send(
      new DescribeImagesCommand({
        Owners: ['099720109477'],
        Filters: [
          { Name: 'name', Values: ['ubuntu/images/hvm-ssd*/ubuntu-*-24.04-amd64-server-*'] },
          { Name: 'architecture', Values: ['x86_64'] },
        ],
      }),
    );
    expect(byName.Images?.map((image) => image.OwnerId)).toEqual(['099720109477']);
    await expectRefusal(
      cloud.ec2().send(new DescribeImagesCommand({ ImageIds: ['ami-0123456789abcdef0'] })),
      'InvalidAMIID.NotFound',
    );
  });
});

describe('the spot market', () => {
  const pool = { type: 't3.micro', zone: `${region}a` };

  test('has the same prices every time, under on-demand', () => {
    expect(calmMarket.priceAt(pool, now)).toBe(calmMarket.priceAt(pool, new Date(now)));
    expect(calmMarket.priceAt(pool, now)).toBeLessThan(0.0104);
    expect(calmMarket.priceAt(pool, now)).toBeGreaterThan(0);
  });

  test('tells its history newest first, from the price in force at the beginning', () => {
    const from = new Date(now.getTime() - 24 * 3_600_000);
    const points = calmMarket.history(pool, from, now);
    expect(points[0]?.price).toBe(calmMarket.priceAt(pool, now));
    expect(points.at(-1)?.at.getTime()).toBeLessThanOrEqual(from.getTime());
    expect(points.map((point) => point.at.getTime())).toEqual(
      points.map((point) => point.at.getTime()).sort((a, b) => b - a),
    );
  });

  test('is what DescribeSpotPriceHistory shows', async () => {
    const answer = await cloud.ec2().send(
      new DescribeSpotPriceHistoryCommand({
        InstanceTypes: ['t3.micro'],
        ProductDescriptions: ['Linux/UNIX'],
        StartTime: now,
      }),
    );
    expect(answer.SpotPriceHistory).toHaveLength(3);
    expect(answer.SpotPriceHistory?.find((point) => point.AvailabilityZone === pool.zone)?.SpotPrice).toBe(
      calmMarket.priceAt(pool, now).toFixed(6),
    );
    const windows = await cloud
      .ec2()
      .send(new DescribeSpotPriceHistoryCommand({ ProductDescriptions: ['Windows'], StartTime: now }));
    expect(windows.SpotPriceHistory).toEqual([]);
  });

  test('comes page by page', async () => {
    const seen: string[] = [];
    let token: string | undefined;
    do {
      const answer = await cloud.ec2().send(
        new DescribeSpotPriceHistoryCommand({
          InstanceTypes: ['t3.micro'],
          StartTime: new Date(now.getTime() - 48 * 3_600_000),
          MaxResults: 4,
          ...(token === undefined ? {} : { NextToken: token }),
        }),
      );
      seen.push(
        ...(answer.SpotPriceHistory ?? []).map(
          (point) => `${point.Timestamp?.toISOString()} ${point.AvailabilityZone}`,
        ),
      );
      token = answer.NextToken || undefined;
    } while (token !== undefined);
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toHaveLength(3 * 7);
  });
});
