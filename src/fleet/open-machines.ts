import { accessKey } from './access-key.ts';
import type { Fleet } from './fleet.ts';
import { MachineAccess } from './machine-access.ts';
import { selectMachines } from './machine-name.ts';
import { Survey } from './survey.ts';

/**
 * Does the same with several machines at once, each over its own connection, which is closed afterwards.
 * @param named ids or beginnings of ids; none: every living machine of the deployment
 * @throws SPOT-E-MACHINE-UNKNOWN
 */
export async function openMachines<Result>(
  fleet: Fleet,
  named: readonly string[],
  use: (access: MachineAccess) => Promise<Result>,
): Promise<readonly Result[]> {
  const survey = new Survey(fleet);
  const machines = selectMachines(await survey.everything(), named);
  if (machines.length === 0) return [];
  const { privateKey } = await accessKey(fleet);
  return Promise.all(
    machines.map(async (machine) => {
      const access = new MachineAccess(fleet, survey, machine, privateKey);
      try {
        return await use(access);
      } finally {
        access.close();
      }
    }),
  );
}
