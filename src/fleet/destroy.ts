import { setTimeout as sleep } from 'node:timers/promises';
import { callerIdentity } from '../cloud/identity.ts';
import {
  aliveStates,
  type CloudMachine,
  describeLaunch,
  describeOwned,
  terminateMachines,
} from '../cloud/machines.ts';
import { enabledRegions } from '../cloud/regions.ts';
import { tagKeys } from '../cloud/tags.ts';
import { DeploymentState } from '../state/deployment-state.ts';
import { type Fleet, regionsOf } from './fleet.ts';
import { nameOf, selectMachines } from './machine-name.ts';
import { removeRegional, whyNot } from './remove-regional.ts';
import { Survey } from './survey.ts';

/** An instance that was launched is shown by DescribeInstances within seconds; this is generous. */
const visibleAfterMilliseconds = 15_000;

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

/**
 * Ends machines. With none named, everything of the deployment goes: machines, security groups, launch templates,
 * keys and state; and the end is proven by asking the cloud again.
 * @throws SPOT-E-MACHINE-UNKNOWN, SPOT-E-STATE-LOCKED
 */
export async function destroy(
  fleet: Fleet,
  options: { machines: readonly string[]; all: boolean },
): Promise<DestroyResult> {
  if (options.machines.length > 0) return destroyMachines(fleet, options.machines);
  if (!options.all) return destroyDeployment(fleet, regionsOf(fleet));
  const regions = await enabledRegions(fleet.clients);
  const results: DestroyResult[] = [];
  for (const name of await ownedDeployments(fleet, regions)) {
    const state = new DeploymentState(fleet.root, fleet.clients.target.name, name);
    results.push(await destroyDeployment({ ...fleet, name, state }, regions));
  }
  return merge(results);
}

async function destroyMachines(fleet: Fleet, wanted: readonly string[]): Promise<DestroyResult> {
  const lock = fleet.state.lock('spot destroy');
  try {
    const everything = await new Survey(fleet, regionsOf(fleet)).everything();
    const machines = selectMachines(everything, wanted);
    const { terminated, remains } = await terminateAll(fleet, machines);
    const kept = selectMachines(everything, []).filter((machine) => !machines.includes(machine));
    return { ...outcome(fleet.name, { terminated, removed: [], remains }), kept: kept.map(({ id }) => id) };
  } finally {
    lock.release();
  }
}

async function destroyDeployment(fleet: Fleet, regions: readonly string[]): Promise<DestroyResult> {
  const lock = fleet.state.lock('spot destroy');
  try {
    await settleIntents(fleet);
    const machines = selectMachines(await new Survey(fleet, regions).everything(), []);
    const { terminated, remains } = await terminateAll(fleet, machines);
    const regional = await Promise.all(regions.map((region) => removeRegional(fleet, region)));
    remains.push(...regional.flatMap((part) => part.remains), ...(await whatIsLeft(fleet, regions)));
    if (remains.length === 0) fleet.state.remove();
    return outcome(fleet.name, { terminated, removed: regional.flatMap((part) => part.removed), remains });
  } finally {
    lock.release();
  }
}

/**
 * A launch that was cut off may still show its machines: those are waited for, as long as EC2 may take to show them,
 * before the deployment is searched.
 */
async function settleIntents(fleet: Fleet): Promise<void> {
  await Promise.all(
    fleet.state.intents().map(async ({ token, region, startedAt }) => {
      const settledBy = Date.parse(startedAt) + visibleAfterMilliseconds;
      while ((await describeLaunch(fleet.clients, region, token)).length === 0 && Date.now() < settledBy) {
        await sleep(300, undefined, { signal: fleet.signal });
      }
    }),
  );
}

async function terminateAll(
  fleet: Fleet,
  machines: readonly CloudMachine[],
): Promise<{ terminated: readonly string[]; remains: string[] }> {
  const remains: string[] = [];
  const terminated: string[] = [];
  const regions = [...new Set(machines.map(({ region }) => region))];
  for (const machine of machines)
    fleet.emit({ type: 'machine', machine: nameOf(machine), phase: 'destroying' });
  await Promise.all(
    regions.map(async (region) => {
      const here = machines.filter((machine) => machine.region === region);
      const ids = here.map(({ id }) => id);
      try {
        await terminateMachines(fleet.clients, region, ids, fleet.signal);
        terminated.push(...ids);
        fleet.state.forgetMachines(ids);
        fleet.state.audit('terminate', { region, machines: ids });
        for (const machine of here) fleet.emit({ type: 'machine', machine: nameOf(machine), phase: 'gone' });
      } catch (error) {
        fleet.signal.throwIfAborted();
        remains.push(...ids.map((id) => `machine ${id} in ${region}: ${whyNot(error)}`));
      }
    }),
  );
  return { terminated, remains };
}

/** Asks the cloud once more: only what it shows proves that nothing is left. */
async function whatIsLeft(fleet: Fleet, regions: readonly string[]): Promise<readonly string[]> {
  const machines = selectMachines(await new Survey(fleet, regions).everything(), []);
  return machines.map(({ id, region, state }) => `machine ${id} in ${region}: still ${state}`);
}

async function ownedDeployments(fleet: Fleet, regions: readonly string[]): Promise<readonly string[]> {
  const owner = await callerIdentity(fleet.clients, 'us-east-1');
  const found = await Promise.all(regions.map((region) => describeOwned(fleet.clients, region, owner)));
  const names = found
    .flat()
    .filter(({ state }) => aliveStates.includes(state))
    .map(({ tags }) => tags[tagKeys.deployment] ?? '');
  return [...new Set([fleet.name, ...names.filter((name) => name !== '').sort()])];
}

function outcome(
  deployment: string,
  parts: Pick<DestroyResult, 'terminated' | 'removed' | 'remains'>,
): DestroyResult {
  return {
    schema: 'spot-deployer/destroy/v1',
    deployments: [deployment],
    ...parts,
    exitCode: parts.remains.length === 0 ? 0 : 3,
  };
}

function merge(results: readonly DestroyResult[]): DestroyResult {
  return {
    schema: 'spot-deployer/destroy/v1',
    deployments: results.flatMap(({ deployments }) => deployments),
    terminated: results.flatMap(({ terminated }) => terminated),
    removed: results.flatMap(({ removed }) => removed),
    remains: results.flatMap(({ remains }) => remains),
    exitCode: results.every(({ exitCode }) => exitCode === 0) ? 0 : 3,
  };
}
