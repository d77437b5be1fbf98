import { SpotError } from '../errors/spot-error.ts';
import type { Check } from '../machine/check.ts';
import { judge } from '../machine/checks.ts';
import { factsCommand } from '../machine/commands.ts';
import { parseFacts } from '../machine/facts.ts';
import type { ReleaseRecord } from '../release/release.ts';
import type { Fleet } from './fleet.ts';
import type { MachineAccess } from './machine-access.ts';
import { labelOf } from './machine-name.ts';

/**
 * The numbered check list of one machine against a release that was made here.
 * @throws ConnectionLost, SPOT-E-DELIVERY
 */
export async function inspect(
  fleet: Fleet,
  access: MachineAccess,
  release: string,
  patienceMilliseconds = 60_000,
): Promise<readonly Check[]> {
  const facts = parseFacts(await access.execOrFail(factsCommand(), patienceMilliseconds));
  const record = fleet.state.readRelease<ReleaseRecord>(release);
  if (record === undefined) {
    throw new SpotError('SPOT-E-STATE-BROKEN', {
      message: `What release ${release} consists of is not known here any more.`,
      where: labelOf(access.machine),
      hint: 'Run `spot create`: it brings the machine to the project as it is now.',
    });
  }
  return judge(record, facts, { release });
}
