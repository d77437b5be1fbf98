import { type Actions, type Call, listing } from '../api/action.ts';
import { ApiError } from '../api/api-error.ts';
import { filtered } from '../api/filters.ts';
import { page } from '../api/pages.ts';
import type { XmlObject } from '../api/xml.ts';
import { instanceTypes } from '../world/instance-types.ts';
import { zonesOf } from '../world/regions.ts';

const day = 86_400_000;
const product = 'Linux/UNIX';

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeSpotPriceHistory.html */
export const spotPriceActions: Actions = {
  DescribeSpotPriceHistory: {
    parameters: [
      'InstanceType.N',
      'ProductDescription.N',
      'AvailabilityZone',
      'AvailabilityZoneId',
      'StartTime',
      'EndTime',
      ...listing,
    ],
    handle: describeHistory,
  },
};

function describeHistory({ cloud, region, parameters }: Call): XmlObject {
  const now = cloud.now();
  const to = readTime(parameters.text('EndTime')) ?? now;
  const from = readTime(parameters.text('StartTime')) ?? new Date(now.getTime() - 90 * day);
  if (from > to) throw new ApiError('InvalidParameterValue', 'The start time is after the end time.');
  const names = parameters.texts('InstanceType');
  const products = parameters.texts('ProductDescription');
  const zone = parameters.text('AvailabilityZone');
  const offered =
    products.length === 0 || products.some((name) => name === product || name === `${product} (Amazon VPC)`);
  const points = instanceTypes
    .filter((type) => offered && (names.length === 0 || names.includes(type.name)))
    .flatMap((type) =>
      zonesOf(region)
        .filter((each) => zone === undefined || each.name === zone)
        .flatMap((each) => {
          const pool = { type: type.name, zone: each.name };
          return cloud.market
            .history(pool, earliest(from, now), earliest(to, now))
            .map((point) => ({ ...pool, ...point }));
        }),
    );
  const shown = filtered(parameters, points, {
    'availability-zone': (point) => [point.zone],
    'instance-type': (point) => [point.type],
    'product-description': () => [product],
    'spot-price': (point) => [point.price.toFixed(6)],
    timestamp: (point) => [point.at.toISOString()],
  });
  const { things, nextToken } = page(parameters, shown, newestFirst, { least: 1 });
  return {
    spotPriceHistorySet: things.map((point) => ({
      instanceType: point.type,
      productDescription: product,
      spotPrice: point.price.toFixed(6),
      timestamp: point.at,
      availabilityZone: point.zone,
    })),
    nextToken: nextToken ?? '',
  };
}

function readTime(text: string | undefined): Date | undefined {
  if (text === undefined) return undefined;
  const time = new Date(text);
  if (Number.isNaN(time.getTime())) {
    throw new ApiError('InvalidParameterValue', `Value ( ${text} ) is not a valid time.`);
  }
  return time;
}

function earliest(one: Date, other: Date): Date {
  return one < other ? one : other;
}

function newestFirst({ at, type, zone }: { at: Date; type: string; zone: string }): string {
  return `${String(Number.MAX_SAFE_INTEGER - at.getTime()).padStart(17, '0')} ${type} ${zone}`;
}
