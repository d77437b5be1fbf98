import { DescribeSpotPriceHistoryCommand, type _InstanceType as InstanceType } from '@aws-sdk/client-ec2';
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
    const answer = await clients.ec2(region).send(
      new DescribeSpotPriceHistoryCommand({
        InstanceTypes: machineTypes as InstanceType[],
        ProductDescriptions: ['Linux/UNIX'],
        StartTime: now,
        EndTime: now,
      }),
    );
    return new Map(
      (answer.SpotPriceHistory ?? []).map(({ InstanceType, AvailabilityZone, SpotPrice }) => [
        `${InstanceType}/${AvailabilityZone}`,
        Number(SpotPrice),
      ]),
    );
  });
}
