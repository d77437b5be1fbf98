import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Filter,
  type Instance,
  paginateDescribeInstances,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { SpotError } from '../errors/spot-error.ts';
import { cloudCall, isNotFound } from './aws-error.ts';
import { batches } from './batches.ts';
import type { Clients } from './clients.ts';
import type { CloudTarget } from './cloud-target.ts';
import { deploymentFilter, fromTags, type Tags, tagKeys } from './tags.ts';

/** One instance as the cloud describes it. */
export interface CloudMachine {
  readonly id: string;
  readonly region: string;
  readonly zone: string;
  readonly type: string;
  /** pending, running, shutting-down, terminated, stopping or stopped. */
  readonly state: string;
  /** Why it ended, in the cloud's words, such as `Server.SpotInstanceTermination`. */
  readonly stateReason: string | undefined;
  readonly publicAddress: string | undefined;
  readonly privateAddress: string | undefined;
  /** ISO 8601 in UTC. */
  readonly launchedAt: string;
  readonly tags: Tags;
}

export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

/** Machines that are there or on their way; everything else is ending or ended. */
export const aliveStates: readonly string[] = ['pending', 'running', 'stopping', 'stopped'];

const mappedPort = 'rehearsal:endpoint:';

/**
 * Where a port of the machine is reached from here: its address, unless the cloud maps it elsewhere and says so by
 * a tag `rehearsal:endpoint:PORT` (container addresses cannot be reached from a Mac).
 */
export function endpointOf(machine: CloudMachine, port: number): Endpoint | undefined {
  const mapped = /^(.+):(\d+)$/.exec(machine.tags[`${mappedPort}${port}`] ?? '');
  if (mapped?.[1] && mapped[2]) return { host: mapped[1], port: Number(mapped[2]) };
  // Where ports are mapped, the machine's address is that of a host, which other programs answer.
  if (Object.keys(machine.tags).some((key) => key.startsWith(mappedPort))) return undefined;
  return machine.publicAddress === undefined ? undefined : { host: machine.publicAddress, port };
}

/** Every machine of a deployment in one region, ended ones included as long as the cloud shows them. */
export function describeDeployment(
  clients: Clients,
  region: string,
  deployment: string,
): Promise<CloudMachine[]> {
  return describe(clients, region, [deploymentFilter(deployment)]);
}

/** Every machine of ours (any deployment) of one owner in one region. */
export function describeOwned(clients: Clients, region: string, owner: string): Promise<CloudMachine[]> {
  return describe(clients, region, [{ Name: `tag:${tagKeys.owner}`, Values: [owner] }]);
}

/** The machines of one launch call; none when they are not visible yet. */
export function describeLaunch(clients: Clients, region: string, token: string): Promise<CloudMachine[]> {
  return describe(clients, region, [{ Name: `tag:${tagKeys.launch}`, Values: [token] }]);
}

/** Always paginated: without MaxResults EC2 throttles large answers (EC2 API Reference, "Query requests"). */
async function describe(
  clients: Clients,
  region: string,
  filters: Filter[],
  signal?: AbortSignal,
): Promise<CloudMachine[]> {
  return cloudCall(`DescribeInstances in ${region}`, async () => {
    const machines: CloudMachine[] = [];
    const pages = paginateDescribeInstances(
      { client: clients.ec2(region), pageSize: 1000 },
      { Filters: filters },
      { ...(signal && { abortSignal: signal }) },
    );
    for await (const page of pages) {
      for (const { Instances } of page.Reservations ?? []) {
        for (const instance of Instances ?? [])
          machines.push(toCloudMachine(instance, region, clients.target));
      }
    }
    return machines;
  });
}

/** Values of one filter. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Filtering.html */
export const mostFilterValues = 200;

/** A call's ids are taken from a bucket of 1,000 (EC2 API Reference, "Request throttling"): half of it leaves room. */
const mostTerminatedAtOnce = 500;
const terminationPatienceMilliseconds = 5 * 60_000;

/**
 * Terminates machines of one region and waits until the cloud shows each of them terminated.
 * Only DescribeInstances proves it: TerminateInstances answers before anything has ended. A machine that the cloud
 * does not know any more has ended.
 * @throws SPOT-E-DESTROY-REMAINS with what has not ended by the deadline; AbortError
 */
export async function terminateMachines(
  clients: Clients,
  region: string,
  ids: readonly string[],
  signal?: AbortSignal,
  patienceMilliseconds = terminationPatienceMilliseconds,
): Promise<void> {
  const deadline = Date.now() + patienceMilliseconds;
  for (const batch of batches(ids, mostTerminatedAtOnce)) await terminate(clients, region, batch, signal);
  let left = ids;
  for (let pause = 100; left.length > 0; pause = Math.min(pause * 1.5, 5_000)) {
    const machines = await describeById(clients, region, left, signal);
    const ending = machines.filter(({ state }) => state !== 'terminated');
    left = ending.map(({ id }) => id);
    if (left.length === 0) return;
    if (Date.now() + pause > deadline) throw stillEnding(region, ending);
    await sleep(pause, undefined, signal && { signal });
  }
}

/** One id that is unknown fails the whole call, so what is gone is taken out then and the rest is sent again. */
async function terminate(
  clients: Clients,
  region: string,
  ids: readonly string[],
  signal: AbortSignal | undefined,
): Promise<void> {
  const send = (some: readonly string[]) =>
    clients.ec2(region).send(new TerminateInstancesCommand({ InstanceIds: [...some] }), {
      ...(signal && { abortSignal: signal }),
    });
  await cloudCall(`TerminateInstances in ${region}`, async () => {
    try {
      await send(ids);
    } catch (error) {
      if (!isNotFound(error)) throw error;
      const known = (await describeById(clients, region, ids, signal)).map(({ id }) => id);
      if (known.length > 0) await send(known);
    }
  });
}

function stillEnding(region: string, machines: readonly CloudMachine[]): SpotError {
  const count = machines.length === 1 ? '1 machine has' : `${machines.length} machines have`;
  return new SpotError('SPOT-E-DESTROY-REMAINS', {
    message: `${count} not ended in ${region} yet: ${machines.map(({ id, state }) => `${id} (${state})`).join(', ')}`,
    where: region,
  });
}

/** By filter, not by InstanceIds: an id that is unknown is then left out instead of failing the call. */
export async function describeById(
  clients: Clients,
  region: string,
  ids: readonly string[],
  signal?: AbortSignal,
): Promise<CloudMachine[]> {
  const machines: CloudMachine[] = [];
  for (const values of batches(ids, mostFilterValues)) {
    machines.push(...(await describe(clients, region, [{ Name: 'instance-id', Values: values }], signal)));
  }
  return machines;
}

function toCloudMachine(instance: Instance, region: string, target: CloudTarget): CloudMachine {
  return {
    id: instance.InstanceId ?? '',
    region,
    zone: instance.Placement?.AvailabilityZone ?? '',
    type: instance.InstanceType ?? '',
    state: instance.State?.Name ?? 'unknown',
    stateReason: instance.StateReason?.Code || undefined,
    publicAddress: instance.PublicIpAddress || undefined,
    privateAddress: instance.PrivateIpAddress || undefined,
    launchedAt: instance.LaunchTime?.toISOString() ?? '',
    tags: trustedTags(fromTags(instance.Tags), target),
  };
}

/** On AWS nothing maps ports, and whoever may tag a machine must not lead us elsewhere by a tag that says so. */
function trustedTags(tags: Tags, target: CloudTarget): Tags {
  if (target.name === 'local') return tags;
  return Object.fromEntries(Object.entries(tags).filter(([key]) => !key.startsWith(mappedPort)));
}
