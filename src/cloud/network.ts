import { setTimeout as sleep } from 'node:timers/promises';
import {
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  DeleteSecurityGroupCommand,
  type IpPermission,
  paginateDescribeSecurityGroups,
  paginateDescribeSubnets,
  paginateDescribeVpcs,
  RevokeSecurityGroupIngressCommand,
  type SecurityGroup,
  type Subnet,
} from '@aws-sdk/client-ec2';
import { SpotError } from '../errors/spot-error.ts';
import { awsErrorCode, cloudCall, isNotFound } from './aws-error.ts';
import type { Clients } from './clients.ts';
import { ingressDifference } from './ingress-rules.ts';
import { deploymentFilter, type Tags, tagSpecifications } from './tags.ts';

/** Always asked for: without MaxResults EC2 throttles large answers (EC2 API Reference, "Query requests"). */
const pageSize = 1000;

export interface Network {
  readonly vpc: string;
  /** One subnet a zone, in the order of the zones: the same launch, repeated, names the same subnets. */
  readonly subnets: readonly { readonly id: string; readonly zone: string }[];
}

/** A TCP port that is opened, and to whom. */
export interface Ingress {
  readonly port: number;
  readonly cidrs: readonly string[];
}

/**
 * The region's default VPC, and of its default subnets those that give machines the public address by which they are
 * reached: a subnet that somebody added to the VPC need not have a way out.
 * @throws SPOT-E-NETWORK-NONE
 */
export async function defaultNetwork(clients: Clients, region: string): Promise<Network> {
  return cloudCall(`Looking for the default VPC of ${region}`, async () => {
    const vpc = await defaultVpc(clients, region);
    if (vpc === undefined) throw noNetwork(region, 'has no default VPC');
    const subnets = (await defaultSubnets(clients, region, vpc))
      .filter(({ State, MapPublicIpOnLaunch }) => State === 'available' && MapPublicIpOnLaunch)
      .flatMap(({ SubnetId: id, AvailabilityZone: zone }) => (id && zone ? [{ id, zone }] : []));
    if (subnets.length === 0) {
      throw noNetwork(region, `has no default subnet that gives public addresses in its default VPC ${vpc}`);
    }
    return { vpc, subnets: subnets.sort((one, other) => (one.zone < other.zone ? -1 : 1)) };
  });
}

async function defaultVpc(clients: Clients, region: string): Promise<string | undefined> {
  const filters = [{ Name: 'is-default', Values: ['true'] }];
  for await (const { Vpcs } of paginateDescribeVpcs(
    { client: clients.ec2(region), pageSize },
    { Filters: filters },
  )) {
    const id = Vpcs?.[0]?.VpcId;
    if (id !== undefined) return id;
  }
  return undefined;
}

async function defaultSubnets(clients: Clients, region: string, vpc: string): Promise<readonly Subnet[]> {
  const subnets: Subnet[] = [];
  const filters = [
    { Name: 'vpc-id', Values: [vpc] },
    { Name: 'default-for-az', Values: ['true'] },
  ];
  const pages = paginateDescribeSubnets({ client: clients.ec2(region), pageSize }, { Filters: filters });
  for await (const { Subnets } of pages) subnets.push(...(Subnets ?? []));
  return subnets;
}

function noNetwork(region: string, what: string): SpotError {
  return new SpotError('SPOT-E-NETWORK-NONE', {
    message: `${region} ${what}, and machines need a subnet to start in.`,
    where: region,
    hint: `Create them with \`aws ec2 create-default-vpc --region ${region}\` (or \`create-default-subnet\`), or leave ${region} out.`,
  });
}

/**
 * The deployment's security group in a VPC, made when it is missing, with exactly the ingress that is wanted: what it
 * lacks is authorized first and what it has too much is revoked then, so that nothing wanted is closed in between.
 * @returns its id
 */
export async function ensureSecurityGroup(
  clients: Clients,
  region: string,
  input: { deployment: string; vpc: string; ingress: readonly Ingress[]; tags: Tags },
): Promise<string> {
  return cloudCall(`Preparing the security group in ${region}`, async () => {
    const found = await findGroup(clients, region, input);
    const id = found?.GroupId ?? (await createGroup(clients, region, input));
    const { lacking, excess } = ingressDifference(found?.IpPermissions ?? [], input.ingress);
    for (const rule of lacking) await authorize(clients, region, id, rule);
    for (const rule of excess) await revoke(clients, region, id, rule);
    return id;
  });
}

/** One rule a call: of a call with several, EC2 carries out none when one is a duplicate. */
async function authorize(clients: Clients, region: string, id: string, rule: IpPermission): Promise<void> {
  const command = new AuthorizeSecurityGroupIngressCommand({ GroupId: id, IpPermissions: [rule] });
  try {
    await clients.ec2(region).send(command);
  } catch (error) {
    if (awsErrorCode(error) !== 'InvalidPermission.Duplicate') throw error;
  }
}

async function revoke(clients: Clients, region: string, id: string, rule: IpPermission): Promise<void> {
  const command = new RevokeSecurityGroupIngressCommand({ GroupId: id, IpPermissions: [rule] });
  try {
    await clients.ec2(region).send(command);
  } catch (error) {
    if (awsErrorCode(error) !== 'InvalidPermission.NotFound') throw error;
  }
}

/** Names the security group of a deployment; its tag, not its name, is what it is found by. */
export function securityGroupName(deployment: string): string {
  return `spot-${deployment}`;
}

async function findGroup(
  clients: Clients,
  region: string,
  { deployment, vpc }: { deployment: string; vpc: string },
): Promise<SecurityGroup | undefined> {
  const groups = await groupsOf(clients, region, deployment);
  return groups.find(({ VpcId }) => VpcId === vpc);
}

async function createGroup(
  clients: Clients,
  region: string,
  input: { deployment: string; vpc: string; tags: Tags },
): Promise<string> {
  const { deployment, vpc, tags } = input;
  try {
    const answer = await clients.ec2(region).send(
      new CreateSecurityGroupCommand({
        GroupName: securityGroupName(deployment),
        Description: `Machines of the spot-deployer deployment ${deployment}`,
        VpcId: vpc,
        TagSpecifications: tagSpecifications(['security-group'], tags),
      }),
    );
    return answer.GroupId ?? '';
  } catch (error) {
    // The SDK repeats a call whose answer was lost, although it took effect.
    const made =
      awsErrorCode(error) === 'InvalidGroup.Duplicate' ? await findGroup(clients, region, input) : undefined;
    if (made?.GroupId === undefined) throw error;
    return made.GroupId;
  }
}

/** The ids of the deployment's security groups in a region. */
export async function findSecurityGroups(
  clients: Clients,
  region: string,
  deployment: string,
): Promise<string[]> {
  return cloudCall(`DescribeSecurityGroups in ${region}`, async () => {
    const groups = await groupsOf(clients, region, deployment);
    return groups.flatMap(({ GroupId }) => GroupId ?? []);
  });
}

async function groupsOf(
  clients: Clients,
  region: string,
  deployment: string,
): Promise<readonly SecurityGroup[]> {
  const groups: SecurityGroup[] = [];
  const pages = paginateDescribeSecurityGroups(
    { client: clients.ec2(region), pageSize },
    { Filters: [deploymentFilter(deployment)] },
  );
  for await (const { SecurityGroups } of pages) groups.push(...(SecurityGroups ?? []));
  return groups;
}

/**
 * Deletes a security group. A machine that has just ended may hold it for some seconds more (DependencyViolation):
 * that is waited for, up to the deadline.
 * @returns undefined, or why it is still there
 */
export async function deleteSecurityGroup(
  clients: Clients,
  region: string,
  id: string,
  deadlineMilliseconds = 60_000,
): Promise<string | undefined> {
  const deadline = Date.now() + deadlineMilliseconds;
  for (let pause = 200; ; pause = Math.min(pause * 2, 5_000)) {
    try {
      await clients.ec2(region).send(new DeleteSecurityGroupCommand({ GroupId: id }));
      return undefined;
    } catch (error) {
      if (isNotFound(error)) return undefined;
      if (awsErrorCode(error) !== 'DependencyViolation' || Date.now() + pause > deadline) {
        return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
      }
    }
    await sleep(pause);
  }
}
