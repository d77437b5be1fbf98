import { type CloudMachine, terminateMachines } from '../cloud/machines.ts';
import type { ErrorCode } from '../errors/catalogue.ts';
import { reasonOf, SpotError } from '../errors/spot-error.ts';
import { releaseRecord } from '../release/compile.ts';
import { accessKey } from './access-key.ts';
import { allEnded } from './all-ended.ts';
import { byRegion } from './by-region.ts';
import type { Fleet } from './fleet.ts';
import { launchMissing } from './launch.ts';
import { launchTerms, openPorts } from './launch-request.ts';
import { list } from './list.ts';
import { onceOnly } from './once-only.ts';
import { watchPorts } from './port-notices.ts';
import { type Prepared, packParcel, prepare } from './prepare.ts';
import { reconcile } from './reconcile.ts';
import { removeRegional } from './remove-regional.ts';
import type { CreateFailure, CreateResult, MachineRow } from './report.ts';
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
    const machines = await rowsAtTheEnd(fleet);
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

async function converge(
  fleet: Fleet,
  options: CreateOptions,
  { deployment, release }: Prepared,
): Promise<readonly CreateFailure[]> {
  const survey = new Survey(fleet);
  const key = await accessKey(fleet);
  fleet.state.writeRelease(release.id, releaseRecord(release, deployment));
  const terms = onceOnly(() =>
    launchTerms(fleet, { deployment, release: release.id, authorizedKey: key.publicKey }),
  );
  // Before anything is launched: a full disk or a file that cannot be read must cost nothing.
  const packing = await packParcel(fleet, deployment, release);
  try {
    const existing = await reconcile(fleet, survey, terms);
    await Promise.all(
      [...byRegion(existing).keys()].map(async (region) => openPorts(fleet, await terms(), region)),
    );
    const workshop = new Workshop(fleet, {
      survey,
      packing,
      privateKey: key.privateKey,
      detach: options.detach,
    });
    const finish = (machine: CloudMachine) => workshop.finish(machine);
    const [finished, launched] = await allEnded([
      allEnded(existing.map(finish)),
      launchMissing(fleet, {
        total: options.count ?? fleet.settings.totalInstances,
        existing,
        terms,
        finish,
      }),
    ]);
    fleet.signal.throwIfAborted();
    const failures = [...finished.filter((failure) => failure !== undefined), ...launched];
    const old = new Set(existing.map(({ id }) => id));
    if (!options.keepFailed) await removeFailed(fleet, failures, old);
    return failures;
  } finally {
    packing.dispose();
  }
}

/** Errors that say nothing about the machine itself: the network here, or the cloud's API, may be at fault. */
const notItsFault: ReadonlySet<ErrorCode> = new Set(['SPOT-E-CLOUD-UNREACHABLE', 'SPOT-E-CLOUD-DENIED']);

/**
 * Ends machines that failed and never were ready: they are of no use to anyone. One that was ready may hold data, and
 * one of an earlier run that only cannot be reached may work well; those stay. What goes wrong here must not hide
 * why the machines failed.
 */
async function removeFailed(
  fleet: Fleet,
  failures: readonly CreateFailure[],
  old: ReadonlySet<string>,
): Promise<void> {
  const useless = failures.flatMap(({ machine, error }) => {
    if (machine === undefined || fleet.state.machine(machine.id)?.wasReady) return [];
    if (notItsFault.has(error.code)) return [];
    if (old.has(machine.id) && error.code === 'SPOT-E-MACHINE-UNREACHABLE') return [];
    return [machine];
  });
  for (const machine of useless) fleet.emit({ type: 'machine', machine, phase: 'destroying' });
  for (const [region, machines] of byRegion(useless)) {
    const ids = machines.map(({ id }) => id);
    try {
      await terminateMachines(fleet.clients, region, ids, fleet.signal);
      fleet.state.forgetMachines(ids);
      fleet.state.audit('remove failed', { region, machines: ids });
    } catch (error) {
      fleet.signal.throwIfAborted();
      fleet.emit({ type: 'warning', text: `${ids.join(', ')} could not be ended: ${reasonOf(error)}` });
    }
  }
}

/** What is there; when the cloud cannot be asked now, that hides nothing of what this run came to. */
async function rowsAtTheEnd(fleet: Fleet): Promise<readonly MachineRow[]> {
  try {
    return (await list(fleet)).machines;
  } catch (error) {
    fleet.signal.throwIfAborted();
    fleet.emit({ type: 'warning', text: `The machines cannot be listed now: ${reasonOf(error)}` });
    return [];
  }
}

/** A first create that comes to nothing leaves nothing: no state in the project, no security group in the cloud. */
async function undo(fleet: Fleet): Promise<void> {
  if (fleet.state.machines().length > 0 || fleet.state.intents().length > 0) return;
  const regional = await Promise.all(fleet.state.regions().map((region) => removeRegional(fleet, region)));
  if (regional.every(({ remains }) => remains.length === 0)) fleet.state.remove();
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
