import { DescribeRegionsCommand } from '@aws-sdk/client-ec2';
import { cloudCall } from './aws-error.ts';
import type { Clients } from './clients.ts';

/** Names of the regions that the account can use; those that it has not opted in to are left out. */
export async function enabledRegions(clients: Clients): Promise<readonly string[]> {
  return cloudCall('DescribeRegions', async () => {
    const { Regions } = await clients.ec2('us-east-1').send(new DescribeRegionsCommand({}));
    return (Regions ?? []).flatMap(({ RegionName }) => RegionName ?? []);
  });
}
