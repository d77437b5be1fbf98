import { expect, it } from 'vitest';
import { canonicalCidr } from '../../src/cloud/cidr.ts';
import { defaultNetwork, type Network } from '../../src/cloud/network.ts';
import { spotPrices } from '../../src/cloud/spot-price.ts';
import { zonesOf } from '../../src/rehearsal/world/regions.ts';
import { region } from '../rehearsal/open-cloud.ts';
import { alteredCloud, shortPages } from './altered-cloud.ts';

const cloud = alteredCloud();
const [first = '', second = '', third = ''] = zonesOf(region).map(({ name }) => name);

/** Says of the subnets in these zones that they give no public address. */
function withoutPublicAddress(...zones: readonly string[]) {
  const item = /<item>(?:(?!<item>).)*?<\/item>/gs;
  return {
    answer: (action: string, xml: string) =>
      action === 'DescribeSubnets'
        ? xml.replaceAll(item, (subnet) =>
            zones.some((zone) => subnet.includes(`>${zone}<`))
              ? subnet.replace('<mapPublicIpOnLaunch>true', '<mapPublicIpOnLaunch>false')
              : subnet,
          )
        : xml,
  };
}

it('takes the default subnets in the order of their zones', async () => {
  let network: Network | undefined;
  let filters: readonly string[] = [];
  await cloud.calling(
    async () => {
      network = await defaultNetwork(cloud.clients(), region);
    },
    {
      ask: (action, fields) => {
        if (action === 'DescribeSubnets') filters = [...fields.values()];
      },
      // EC2 promises no order.
      answer: (action, xml) =>
        action === 'DescribeSubnets'
          ? xml.replace(/(<subnetSet>)(<item>.*?<\/item>)(.*)(<\/subnetSet>)/s, '$1$3$2$4')
          : xml,
    },
  );
  expect(network?.subnets.map(({ zone }) => zone)).toEqual([first, second, third]);
  expect(filters).toEqual(expect.arrayContaining(['default-for-az', 'vpc-id', network?.vpc]));
});

it('leaves out a subnet in which a machine would have no public address', async () => {
  let network: Network | undefined;
  await cloud.calling(async () => {
    network = await defaultNetwork(cloud.clients(), region);
  }, withoutPublicAddress(second));
  expect(network?.subnets.map(({ zone }) => zone)).toEqual([first, third]);
});

it('says so when no subnet is left', async () => {
  const asking = cloud.calling(
    () => defaultNetwork(cloud.clients(), region),
    withoutPublicAddress(first, second, third),
  );
  await expect(asking).rejects.toMatchObject({
    code: 'SPOT-E-NETWORK-NONE',
    message: expect.stringMatching(
      /^eu-west-1 has no default subnet that gives public addresses in its default VPC vpc-/,
    ),
  });
});

it('reads prices to the last page', async () => {
  const types = ['t3.micro', 't3.small', 'm5.large'];
  let prices: ReadonlyMap<string, number> = new Map();
  await cloud.calling(async () => {
    prices = await spotPrices(cloud.clients(), region, types);
  }, shortPages);
  expect([...prices.keys()].sort()).toEqual(
    types.flatMap((type) => [first, second, third].map((zone) => `${type}/${zone}`)).sort(),
  );
});

it.each([
  ['100.68.0.18/18', '100.68.0.0/18'],
  ['203.0.113.7/32', '203.0.113.7/32'],
  ['255.255.255.255/1', '128.0.0.0/1'],
  ['10.1.2.3/0', '0.0.0.0/0'],
  ['2001:0DB8:0:0:0:0:0:1/128', '2001:db8::1/128'],
  ['2001:db8:ffff:ffff::1/36', '2001:db8:f000::/36'],
  ['::1/0', '::/0'],
])('keeps %s as %s', (given, kept) => {
  expect(canonicalCidr(given)).toBe(kept);
});
