import { type _InstanceType as InstanceType, paginateDescribeSpotPriceHistory } from '@aws-sdk/client-ec2';
import { cloudCall } from './aws-error.ts';
import type { Clients } from './clients.ts';

/** Current spot price in USD an hour of each pool of a region, by `type/zone`. */
export async function spotPrices(
  clients: Clients,
  region: string,
  machineTypes: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  return cloudCall(`DescribeSpotPriceHistory in ${region}`, async () => {
    // Start and end at the same moment: the prices in force then, one a pool (EC2 API Reference).
    const now = new Date();
    const pages = paginateDescribeSpotPriceHistory(
      { client: clients.ec2(region), pageSize: 1000 },
      {
        InstanceTypes: machineTypes as InstanceType[],
        ProductDescriptions: ['Linux/UNIX'],
        StartTime: now,
        EndTime: now,
      },
    );
    const prices = new Map<string, number>();
    for await (const { SpotPriceHistory } of pages) {
      for (const { InstanceType, AvailabilityZone, SpotPrice } of SpotPriceHistory ?? []) {
        prices.set(`${InstanceType}/${AvailabilityZone}`, Number(SpotPrice));
      }
    }
    return prices;
  });
}
