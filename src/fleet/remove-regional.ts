import { deleteLaunchTemplates } from '../cloud/launch.ts';
import { deleteSecurityGroup, findSecurityGroups } from '../cloud/network.ts';
import { reasonOf } from '../errors/spot-error.ts';
import type { Fleet } from './fleet.ts';

/**
 * Removes what a deployment has in a region beside its machines: launch templates and security groups.
 * @returns what was removed, and what could not be and why, in words
 */
export async function removeRegional(
  fleet: Fleet,
  region: string,
): Promise<{ removed: string[]; remains: string[] }> {
  const removed: string[] = [];
  const remains: string[] = [];
  try {
    const templates = await deleteLaunchTemplates(fleet.clients, region, fleet.name);
    removed.push(...templates.map((name) => `launch template ${name} in ${region}`));
    for (const group of await findSecurityGroups(fleet.clients, region, fleet.name)) {
      const reason = await deleteSecurityGroup(fleet.clients, region, group);
      if (reason === undefined) removed.push(`security group ${group} in ${region}`);
      else remains.push(`security group ${group} in ${region}: ${reason}`);
    }
  } catch (error) {
    remains.push(`${region}: ${reasonOf(error)}`);
  }
  return { removed, remains };
}
