import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Filter,
  type Instance,
  paginateDescribeInstances,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { cloudCall, isNotFound } from './aws-error.ts';
import type { Clients } from './clients.ts';
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
async function describe(clients: Clients, region: string, filters: Filter[]): Promise<CloudMachine[]> {
  return cloudCall(`DescribeInstances in ${region}`, async () => {
    const machines: CloudMachine[] = [];
    const pages = paginateDescribeInstances(
      { client: clients.ec2(region), pageSize: 1000 },
      { Filters: filters },
    );
    for await (const page of pages) {
      for (const { Instances } of page.Reservations ?? []) {
        for (const instance of Instances ?? []) machines.push(toCloudMachine(instance, region));
      }
    }
    return machines;
  });
}

/**
 * Terminates machines of one region and waits until the cloud shows each of them terminated.
 * Only DescribeInstances proves it: TerminateInstances answers before anything has ended. A machine that the cloud
 * does not know any more has ended.
 */
export async function terminateMachines(
  clients: Clients,
  region: string,
  ids: readonly string[],
  signal?: AbortSignal,
): Promise<void> {
  let left = [...ids];
  // One unknown id fails the whole call, so take out what is gone and repeat.
  await cloudCall(`TerminateInstances in ${region}`, async () => {
    try {
      await clients.ec2(region).send(new TerminateInstancesCommand({ InstanceIds: left }));
    } catch (error) {
      if (!isNotFound(error)) throw error;
      left = (await describeById(clients, region, left)).map(({ id }) => id);
      if (left.length > 0)
        await clients.ec2(region).send(new TerminateInstancesCommand({ InstanceIds: left }));
    }
  });
  for (let pause = 100; left.length > 0; pause = Math.min(pause * 1.5, 5_000)) {
    const machines = await describeById(clients, region, left);
    left = machines.filter(({ state }) => state !== 'terminated').map(({ id }) => id);
    if (left.length > 0) await sleep(pause, undefined, signal && { signal });
  }
}

/** By filter, not by InstanceIds: an id that is unknown is then left out instead of failing the call. ≤ 200 values a filter. */
export async function describeById(
  clients: Clients,
  region: string,
  ids: readonly string[],
): Promise<CloudMachine[]> {
  const machines: CloudMachine[] = [];
  for (let start = 0; start < ids.length; start += 200) {
    machines.push(
      ...(await describe(clients, region, [{ Name: 'instance-id', Values: ids.slice(start, start + 200) }])),
    );
  }
  return machines;
}

function toCloudMachine(instance: Instance, region: string): CloudMachine {
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
    tags: fromTags(instance.Tags),
  };
}
