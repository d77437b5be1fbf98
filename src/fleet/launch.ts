import type { CloudMachine } from '../cloud/machines.ts';
import { type SpotError, SpotErrors, toSpotErrors } from '../errors/spot-error.ts';
import { allEnded } from './all-ended.ts';
import { byRegion } from './by-region.ts';
import { distribute, missing } from './distribute.ts';
import type { Fleet } from './fleet.ts';
import { openIntent, performIntent } from './intent.ts';
import type { LaunchTerms } from './launch-request.ts';
import { nameOf } from './machine-name.ts';
import { onceOnly } from './once-only.ts';
import type { CreateFailure } from './report.ts';

/**
 * Launches what is missing of `total` machines, in all regions at once, and hands each machine over as soon as it is
 * promised.
 * @param finish brings one machine to ready; answers why not
 * @returns what failed, with or without a machine
 * @throws SpotErrors when there is no machine at all, neither old nor new
 */
export async function launchMissing(
  fleet: Fleet,
  input: {
    total: number;
    existing: readonly CloudMachine[];
    terms: () => Promise<LaunchTerms>;
    finish: (machine: CloudMachine) => Promise<CreateFailure | undefined>;
  },
): Promise<readonly CreateFailure[]> {
  const { total, existing, terms, finish } = input;
  if (existing.length > total) {
    const text = `${existing.length} machines exist, ${existing.length - total} more than asked for: \`spot destroy MACHINE\` ends one.`;
    fleet.emit({ type: 'notice', text });
  }
  const counts = new Map([...byRegion(existing)].map(([region, machines]) => [region, machines.length]));
  const launches = missing(distribute(fleet.settings.regions, total), counts);
  if (launches.size === 0) return [];
  fleet.emit({ type: 'stage', stage: 'launch', text: launchText(launches, fleet) });
  const settingUp = onceOnly(() => {
    fleet.emit({ type: 'stage', stage: 'set-up', text: 'Setting up the machines, then checking them' });
  });
  let came = 0;
  const outcomes = await allEnded(
    [...launches].map(async ([region, count]) => {
      const { machines, failures } = await launchIn(fleet, region, count, terms);
      came += machines.length;
      if (machines.length > 0) settingUp();
      const finished = await allEnded(machines.map(finish));
      return [...failures, ...finished.filter((failure) => failure !== undefined)];
    }),
  );
  const failures = outcomes.flat();
  if (came + existing.length === 0) throw new SpotErrors(distinct(failures.map(({ error }) => error)));
  return failures;
}

/** One launch call. A region that gives nothing keeps no other from giving. */
async function launchIn(
  fleet: Fleet,
  region: string,
  count: number,
  terms: () => Promise<LaunchTerms>,
): Promise<{ machines: readonly CloudMachine[]; failures: readonly CreateFailure[] }> {
  try {
    const common = await terms();
    fleet.signal.throwIfAborted();
    const intent = await openIntent(fleet, region, count, common.release);
    const { machines, shortfall } = await performIntent(fleet, common, intent);
    fleet.emit({ type: 'launched', region, wanted: count, machines: machines.map(nameOf) });
    return { machines, failures: shortfall ? [{ machine: undefined, error: shortfall }] : [] };
  } catch (error) {
    fleet.signal.throwIfAborted();
    return {
      machines: [],
      failures: toSpotErrors(error).map((cause) => ({ machine: undefined, error: cause })),
    };
  }
}

function launchText(launches: ReadonlyMap<string, number>, fleet: Fleet): string {
  const parts = [...launches].map(([region, count]) => {
    const type = fleet.settings.regions.find((candidate) => candidate.region === region)?.machineType;
    return `${count} × ${type} in ${region}`;
  });
  return `Launching ${parts.join(', ')}`;
}

/** Three regions that fail for the same reason are one error to a reader. */
function distinct(errors: readonly SpotError[]): readonly SpotError[] {
  return [...new Map(errors.map((error) => [`${error.code} ${error.message}`, error])).values()];
}
