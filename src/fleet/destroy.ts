import { callerIdentity } from '../cloud/identity.ts';
import { leftovers } from '../cloud/leftovers.ts';
import { aliveStates, type CloudMachine, describeOwned, terminateMachines } from '../cloud/machines.ts';
import { enabledRegions } from '../cloud/regions.ts';
import { tagKeys } from '../cloud/tags.ts';
import { reasonOf } from '../errors/spot-error.ts';
import { deploymentName } from '../project/deployment-name.ts';
import { DeploymentState } from '../state/deployment-state.ts';
import { byRegion } from './by-region.ts';
import { type Fleet, regionsOf } from './fleet.ts';
import { settleIntent } from './intent.ts';
import { nameOf, selectMachines } from './machine-name.ts';
import { removeRegional } from './remove-regional.ts';
import { Survey } from './survey.ts';

export interface DestroyResult {
  readonly schema: 'spot-deployer/destroy/v1';
  readonly deployments: readonly string[];
  /** Ids of the machines that were ended. */
  readonly terminated: readonly string[];
  /** What else was removed, in words: `security group sg-0123 in us-west-2`. */
  readonly removed: readonly string[];
  /** Ids of the machines that go on; only where machines were named, and not the whole deployment went. */
  readonly kept?: readonly string[];
  /** What could not be removed, and why. */
  readonly remains: readonly string[];
  readonly exitCode: 0 | 3;
}

type Parts = Pick<DestroyResult, 'terminated' | 'removed' | 'remains'>;

/**
 * Ends machines. With none named, everything of the deployment goes: machines, security groups, launch templates,
 * keys and state; and the end is proven by asking the cloud again. What cannot be removed, or belongs to someone
 * else, is named and keeps nothing else from going.
 * @throws SPOT-E-MACHINE-UNKNOWN, SPOT-E-STATE-LOCKED
 */
export async function destroy(
  fleet: Fleet,
  options: { machines: readonly string[]; all: boolean },
): Promise<DestroyResult> {
  if (options.machines.length > 0) return destroyMachines(fleet, options.machines);
  const owner = await callerIdentity(fleet.clients, fleet.settings.regions[0]?.region ?? 'us-east-1');
  if (!options.all) return destroyDeployment(fleet, regionsOf(fleet), owner);
  return destroyAll(fleet, owner);
}

async function destroyAll(fleet: Fleet, owner: string): Promise<DestroyResult> {
  const regions = await enabledRegions(fleet.clients);
  const { names, remains } = await ownedDeployments(fleet, regions, owner);
  const results: DestroyResult[] = [];
  for (const name of names) {
    const state = new DeploymentState(fleet.root, fleet.clients.target.name, name);
    results.push(await destroyDeployment({ ...fleet, name, state }, regions, owner));
  }
  return merge(results, remains);
}

async function destroyMachines(fleet: Fleet, wanted: readonly string[]): Promise<DestroyResult> {
  const lock = fleet.state.lock('spot destroy');
  try {
    const everything = await new Survey(fleet).everything();
    const machines = selectMachines(everything, wanted);
    const { terminated, remains } = await terminateAll(fleet, machines);
    const kept = selectMachines(everything, []).filter((machine) => !machines.includes(machine));
    return { ...outcome(fleet.name, { terminated, removed: [], remains }), kept: kept.map(({ id }) => id) };
  } finally {
    lock.release();
  }
}

async function destroyDeployment(
  fleet: Fleet,
  regions: readonly string[],
  owner: string,
): Promise<DestroyResult> {
  const lock = fleet.state.lock('spot destroy');
  try {
    await Promise.allSettled(fleet.state.intents().map((intent) => settleIntent(fleet, intent)));
    fleet.signal.throwIfAborted();
    const { machines, failures } = await new Survey(fleet, regions).reachable();
    const alive = selectMachines(machines, []);
    const foreign = alive.filter((machine) => isForeign(fleet, machine, owner));
    const { terminated, remains } = await terminateAll(
      fleet,
      alive.filter((machine) => !foreign.includes(machine)),
    );
    const shut = new Set([...failures, ...foreign].map(({ region }) => region));
    const open = regions.filter((region) => !shut.has(region));
    const regional = await Promise.all(open.map((region) => removeRegional(fleet, region)));
    const parts = {
      terminated,
      removed: regional.flatMap((part) => part.removed),
      remains: [
        ...remains,
        ...failures.map(({ region, error }) => `whatever is in ${region}: ${reasonOf(error)}`),
        ...foreign.map((machine) => foreignText(machine)),
        ...regional.flatMap((part) => part.remains),
      ],
    };
    parts.remains.push(...(await whatIsLeft(fleet, open, parts.remains)));
    if (parts.remains.length === 0) fleet.state.remove();
    return outcome(fleet.name, parts);
  } finally {
    lock.release();
  }
}

/** Launched by someone else in the same account, who gave a deployment of theirs the same name. */
function isForeign(fleet: Fleet, machine: CloudMachine, owner: string): boolean {
  return fleet.state.machine(machine.id) === undefined && machine.tags[tagKeys.owner] !== owner;
}

function foreignText({ id, region, tags }: CloudMachine): string {
  return `machine ${id} in ${region}: launched by ${tags[tagKeys.owner] ?? 'someone else'}; \`spot destroy ${id}\` ends it all the same`;
}

async function terminateAll(
  fleet: Fleet,
  machines: readonly CloudMachine[],
): Promise<{ terminated: readonly string[]; remains: string[] }> {
  const remains: string[] = [];
  const terminated: string[] = [];
  for (const machine of machines)
    fleet.emit({ type: 'machine', machine: nameOf(machine), phase: 'destroying' });
  await Promise.all(
    [...byRegion(machines)].map(async ([region, here]) => {
      const ids = here.map(({ id }) => id);
      try {
        await terminateMachines(fleet.clients, region, ids, fleet.signal);
        terminated.push(...ids);
        fleet.state.forgetMachines(ids);
        fleet.state.audit('terminate', { region, machines: ids });
        for (const machine of here) fleet.emit({ type: 'machine', machine: nameOf(machine), phase: 'gone' });
      } catch (error) {
        fleet.signal.throwIfAborted();
        remains.push(...ids.map((id) => `machine ${id} in ${region}: ${reasonOf(error)}`));
      }
    }),
  );
  return { terminated, remains };
}

/** Asks the cloud once more: only what it shows proves that nothing is left. */
async function whatIsLeft(
  fleet: Fleet,
  regions: readonly string[],
  known: readonly string[],
): Promise<readonly string[]> {
  const answers = await Promise.all(
    regions.map(async (region) => {
      try {
        return await leftovers(fleet.clients, region, fleet.name);
      } catch (error) {
        return [`whatever is in ${region}: ${reasonOf(error)}`];
      }
    }),
  );
  // `machine i-0123 in us-west-2 …`: what was named with its reason is not named again.
  const names = known.map((line) => line.split(':')[0]);
  return answers.flat().filter((line) => !names.some((name) => name !== undefined && line.startsWith(name)));
}

/** A tag is anyone's to write: a name that is none of ours is never used, as a filter or as a folder. */
async function ownedDeployments(
  fleet: Fleet,
  regions: readonly string[],
  owner: string,
): Promise<{ names: readonly string[]; remains: readonly string[] }> {
  const answers = await Promise.allSettled(
    regions.map((region) => describeOwned(fleet.clients, region, owner)),
  );
  const machines = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
  const alive = machines.filter(({ state }) => aliveStates.includes(state));
  const named = new Set(alive.map(({ tags }) => tags[tagKeys.deployment] ?? ''));
  const strange = alive.filter(({ tags }) => !deploymentName.test(tags[tagKeys.deployment] ?? ''));
  return {
    names: [...new Set([fleet.name, ...[...named].filter((name) => deploymentName.test(name)).sort()])],
    remains: [
      ...strange.map(
        ({ id, region }) => `machine ${id} in ${region}: its deployment tag is not a name of ours`,
      ),
      ...answers.flatMap((answer, index) =>
        answer.status === 'rejected' ? [`whatever is in ${regions[index]}: ${reasonOf(answer.reason)}`] : [],
      ),
    ],
  };
}

function outcome(deployment: string, parts: Parts): DestroyResult {
  return {
    schema: 'spot-deployer/destroy/v1',
    deployments: [deployment],
    ...parts,
    exitCode: parts.remains.length === 0 ? 0 : 3,
  };
}

function merge(results: readonly DestroyResult[], others: readonly string[]): DestroyResult {
  const remains = [...new Set([...results.flatMap((result) => result.remains), ...others])];
  return {
    schema: 'spot-deployer/destroy/v1',
    deployments: results.flatMap(({ deployments }) => deployments),
    terminated: results.flatMap(({ terminated }) => terminated),
    removed: results.flatMap(({ removed }) => removed),
    remains,
    exitCode: remains.length === 0 ? 0 : 3,
  };
}
