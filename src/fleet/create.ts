import { type CloudMachine, terminateMachines } from '../cloud/machines.ts';
import { SpotError, SpotErrors, toSpotErrors } from '../errors/spot-error.ts';
import { releaseRecord } from '../release/compile.ts';
import type { Release } from '../release/release.ts';
import { accessKey } from './access-key.ts';
import { allEnded } from './all-ended.ts';
import { distribute, missing } from './distribute.ts';
import type { MachineName } from './events.ts';
import type { Fleet } from './fleet.ts';
import { type Launch, openIntent, performIntent, prepareLaunch } from './launch.ts';
import { list } from './list.ts';
import { nameOf } from './machine-name.ts';
import { watchPorts } from './port-notices.ts';
import { type Prepared, packParcel, prepare } from './prepare.ts';
import { reconcile } from './reconcile.ts';
import { removeRegional } from './remove-regional.ts';
import type { MachineRow } from './report.ts';
import { Survey } from './survey.ts';
import { Workshop } from './workshop.ts';

export interface CreateOptions {
  /** How many machines there should be; undefined: as the settings say. */
  readonly count?: number;
  /** Return when the machines have their files; they run on alone. */
  readonly detach: boolean;
  /** Leave machines that failed for a look at them. */
  readonly keepFailed: boolean;
}

export interface CreateFailure {
  /** Undefined when a launch failed before there was a machine. */
  readonly machine: MachineName | undefined;
  readonly error: SpotError;
  /** The archive with the machine's evidence, when some could be had. */
  readonly evidence?: string;
}

export interface CreateResult {
  readonly schema: 'spot-deployer/create/v1';
  readonly deployment: string;
  readonly release: string;
  /** Every machine that is there at the end. */
  readonly machines: readonly MachineRow[];
  readonly failures: readonly CreateFailure[];
  readonly seconds: number;
  readonly exitCode: 0 | 1 | 3;
}

/**
 * Converges a deployment: launches what is missing, delivers the release to every machine that does not run it,
 * activates and verifies it. Killed anywhere, the next run goes on from there.
 * @throws SPOT-E-INTERRUPTED, and SpotErrors when not one machine could be launched
 */
export async function create(fleet: Fleet, options: CreateOptions): Promise<CreateResult> {
  const begun = performance.now();
  const prepared = await prepare(fleet);
  const isNew = !fleet.state.exists();
  const lock = fleet.state.lock('spot create');
  try {
    const ports = watchPorts(fleet);
    const failures = await converge(ports.fleet, options, prepared);
    const { machines } = await list(fleet);
    ports.tell(machines);
    return {
      schema: 'spot-deployer/create/v1',
      deployment: fleet.name,
      release: prepared.release.id,
      machines,
      failures,
      seconds: (performance.now() - begun) / 1000,
      exitCode: failures.length === 0 ? 0 : machines.some(({ phase }) => phase === 'ready') ? 3 : 1,
    };
  } catch (error) {
    const reason = fleet.signal.aborted ? interrupted(fleet) : error;
    if (isNew) await undo(fleet);
    throw reason;
  } finally {
    lock.release();
  }
}

/** A first create that comes to nothing leaves nothing: no state in the project, no security group in the cloud. */
async function undo(fleet: Fleet): Promise<void> {
  if (fleet.state.machines().length > 0 || fleet.state.intents().length > 0) return;
  const regional = await Promise.all(fleet.state.regions().map((region) => removeRegional(fleet, region)));
  if (regional.every(({ remains }) => remains.length === 0)) fleet.state.remove();
}

async function converge(
  fleet: Fleet,
  options: CreateOptions,
  { deployment, release }: Prepared,
): Promise<readonly CreateFailure[]> {
  const survey = new Survey(fleet);
  const key = await accessKey(fleet);
  fleet.state.writeRelease(release.id, releaseRecord(release, deployment));
  const launch = onceOnly(() =>
    prepareLaunch(fleet, { deployment, release: release.id, authorizedKey: key.publicKey }),
  );
  // Before anything is launched: a full disk or a file that cannot be read must cost nothing.
  const packing = await packParcel(fleet, deployment, release);
  try {
    const existing = await reconcile(fleet, survey, launch);
    const workshop = new Workshop(fleet, {
      survey,
      packing,
      privateKey: key.privateKey,
      detach: options.detach,
    });
    const [finished, launched] = await allEnded([
      allEnded(existing.map((machine) => workshop.finish(machine))),
      launchMissing(fleet, options.count ?? fleet.settings.totalInstances, {
        existing,
        launch,
        release,
        workshop,
      }),
    ]);
    fleet.signal.throwIfAborted();
    const failures = [...finished, ...launched].filter((failure) => failure !== undefined);
    if (!options.keepFailed) await removeFailed(fleet, failures);
    return failures;
  } finally {
    packing.dispose();
  }
}

async function launchMissing(
  fleet: Fleet,
  total: number,
  input: {
    existing: readonly CloudMachine[];
    launch: () => Promise<Launch>;
    release: Release;
    workshop: Workshop;
  },
): Promise<readonly (CreateFailure | undefined)[]> {
  const { existing, workshop } = input;
  const launches = missing(distribute(fleet.settings.regions, total), countByRegion(existing));
  if (existing.length > total) {
    const text = `${existing.length} machines exist, ${existing.length - total} more than asked for: \`spot destroy MACHINE\` ends one.`;
    fleet.emit({ type: 'notice', text });
  }
  if (launches.size === 0) return [];
  fleet.emit({ type: 'stage', stage: 'launch', text: launchText(launches, fleet) });
  const settingUp = onceOnly(() => {
    fleet.emit({ type: 'stage', stage: 'set-up', text: 'Setting up the machines, then checking them' });
  });
  const outcomes = await allEnded(
    [...launches].map(async ([region, count]) => {
      const { machines, failures } = await launchIn(fleet, region, count, input);
      if (machines.length > 0) settingUp();
      return [...failures, ...(await allEnded(machines.map((machine) => workshop.finish(machine))))];
    }),
  );
  const results = outcomes.flat();
  const nothingLaunched = results.every((failure) => failure !== undefined && failure.machine === undefined);
  if (nothingLaunched && existing.length === 0) {
    throw new SpotErrors(distinct(results.map((failure) => failure?.error)));
  }
  return results;
}

/** One launch call. A region that gives nothing keeps no other from giving. */
async function launchIn(
  fleet: Fleet,
  region: string,
  count: number,
  { release, launch }: { release: Release; launch: () => Promise<Launch> },
): Promise<{ machines: readonly CloudMachine[]; failures: readonly CreateFailure[] }> {
  try {
    const common = await launch();
    fleet.signal.throwIfAborted();
    const intent = await openIntent(fleet, region, count, release.id);
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

/** Machines that never were ready are of no use to anyone; those that were may hold data and stay. */
async function removeFailed(fleet: Fleet, failures: readonly CreateFailure[]): Promise<void> {
  const byRegion = new Map<string, string[]>();
  for (const { machine } of failures) {
    if (machine === undefined || fleet.state.machine(machine.id)?.wasReady) continue;
    byRegion.set(machine.region, [...(byRegion.get(machine.region) ?? []), machine.id]);
    fleet.emit({ type: 'machine', machine, phase: 'destroying' });
  }
  for (const [region, ids] of byRegion) {
    await terminateMachines(fleet.clients, region, ids);
    fleet.state.forgetMachines(ids);
    fleet.state.audit('remove failed', { region, machines: ids });
  }
}

function countByRegion(machines: readonly CloudMachine[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { region } of machines) counts.set(region, (counts.get(region) ?? 0) + 1);
  return counts;
}

/** Three regions that fail for the same reason are one error to a reader. */
function distinct(errors: readonly (SpotError | undefined)[]): readonly SpotError[] {
  const byText = new Map(
    errors.flatMap((error) => (error ? [[`${error.code} ${error.message}`, error]] : [])),
  );
  return [...byText.values()];
}

function interrupted(fleet: Fleet): SpotError {
  const machines = fleet.state.machines();
  const ready = machines.filter(({ phase }) => phase === 'ready').length;
  return new SpotError('SPOT-E-INTERRUPTED', {
    message:
      machines.length === 0
        ? 'Stopped. No machine exists.'
        : `Stopped. ${machines.length} ${machines.length === 1 ? 'machine exists' : 'machines exist'}, ${ready} ready: ${machines.map(({ id, region }) => `${id} (${region})`).join(', ')}.`,
    hint: '`spot create` goes on from here; `spot destroy` ends it.',
  });
}

/** The result of the first call, for every later one. */
function onceOnly<Result>(compute: () => Result): () => Result {
  let result: { readonly value: Result } | undefined;
  return () => {
    result ??= { value: compute() };
    return result.value;
  };
}
