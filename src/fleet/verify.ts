import { type SpotError, toSpotErrors } from '../errors/spot-error.ts';
import type { Check } from '../machine/check.ts';
import type { Fleet } from './fleet.ts';
import { inspect } from './inspect.ts';
import { openMachines } from './open-machines.ts';
import type { VerifyReport } from './report.ts';
import { untilConnected } from './until-connected.ts';

const patienceMilliseconds = 15_000;

/**
 * Walks machines through the numbered check list. Nothing to check is nothing verified: a deployment without a
 * running machine is not `ok`, so that a script or a monitor that asks does not take an empty fleet for a healthy one.
 * @param machine id or beginning of one; undefined: every machine
 * @throws SPOT-E-MACHINE-UNKNOWN
 */
export async function verify(fleet: Fleet, machine?: string): Promise<VerifyReport> {
  const results = await openMachines(fleet, machine === undefined ? [] : [machine], async (access) => ({
    id: access.machine.id,
    checks: await checksOf(fleet, access),
  }));
  return {
    schema: 'spot-deployer/verify/v1',
    machines: results,
    ok: results.length > 0 && results.every(({ checks }) => checks.every(({ ok }) => ok)),
  };
}

/** A machine that cannot be asked fails the list at its first check: that it answers. */
async function checksOf(fleet: Fleet, access: Parameters<typeof inspect>[1]): Promise<readonly Check[]> {
  const release = fleet.state.machine(access.machine.id)?.release;
  if (release === undefined) {
    return [
      unreachable(
        'the machine has got no release yet',
        'Run `spot create`: it goes on where the last one stopped.',
      ),
    ];
  }
  try {
    return await untilConnected(() => inspect(fleet, access, release, patienceMilliseconds));
  } catch (thrown) {
    fleet.signal.throwIfAborted();
    const [error] = toSpotErrors(thrown) as [SpotError];
    return [unreachable(`${error.code}: ${error.message}`, error.hint)];
  }
}

function unreachable(actual: string, hint: string): Check {
  return {
    n: 1,
    id: 'reachable',
    ok: false,
    expected: 'the machine answers and has a release',
    actual,
    hint,
  };
}
