import { setTimeout as sleep } from 'node:timers/promises';
import {
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  DeleteSecurityGroupCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  DescribeVpcsCommand,
  type IpPermission,
} from '@aws-sdk/client-ec2';
import { SpotError } from '../errors/spot-error.ts';
import { awsErrorCode, cloudCall, isNotFound } from './aws-error.ts';
import type { Clients } from './clients.ts';
import { deploymentFilter, type Tags, tagSpecifications } from './tags.ts';

export interface Network {
  readonly vpc: string;
  /** One subnet a zone. */
  readonly subnets: readonly { readonly id: string; readonly zone: string }[];
}

/** A TCP port that is opened, and to whom. */
export interface Ingress {
  readonly port: number;
  readonly cidrs: readonly string[];
}

/**
 * The region's default VPC and its subnets.
 * @throws SPOT-E-NETWORK-NONE
 */
export async function defaultNetwork(clients: Clients, region: string): Promise<Network> {
  return cloudCall(`Looking for the default VPC of ${region}`, async () => {
    const client = clients.ec2(region);
    const vpcs = await client.send(
      new DescribeVpcsCommand({ Filters: [{ Name: 'is-default', Values: ['true'] }] }),
    );
    const vpc = vpcs.Vpcs?.[0]?.VpcId;
    if (vpc === undefined) throw noNetwork(region, 'has no default VPC');
    const answer = await client.send(
      new DescribeSubnetsCommand({ Filters: [{ Name: 'vpc-id', Values: [vpc] }] }),
    );
    const subnets = new Map<string, string>();
    for (const { SubnetId, AvailabilityZone, State } of answer.Subnets ?? []) {
      if (SubnetId && AvailabilityZone && State !== 'pending') subnets.set(AvailabilityZone, SubnetId);
    }
    if (subnets.size === 0) throw noNetwork(region, `has no subnet in its default VPC ${vpc}`);
    return { vpc, subnets: [...subnets].map(([zone, id]) => ({ zone, id })) };
  });
}

function noNetwork(region: string, what: string): SpotError {
  return new SpotError('SPOT-E-NETWORK-NONE', {
    message: `${region} ${what}, and machines need a subnet to start in.`,
    where: region,
    hint: `Create one with \`aws ec2 create-default-vpc --region ${region}\`, or leave ${region} out.`,
  });
}

/**
 * The deployment's security group in a VPC: made when it is missing, and given the rules that it lacks. Rules that
 * are no longer asked for stay: machines that run may still be reached through them.
 * @returns its id
 */
export async function ensureSecurityGroup(
  clients: Clients,
  region: string,
  input: { deployment: string; vpc: string; ingress: readonly Ingress[]; tags: Tags },
): Promise<string> {
  return cloudCall(`Preparing the security group in ${region}`, async () => {
    const client = clients.ec2(region);
    const id = (await findGroup(clients, region, input)) ?? (await createGroup(clients, region, input));
    for (const rule of input.ingress.flatMap(permissions)) {
      try {
        await client.send(new AuthorizeSecurityGroupIngressCommand({ GroupId: id, IpPermissions: [rule] }));
      } catch (error) {
        if (awsErrorCode(error) !== 'InvalidPermission.Duplicate') throw error;
      }
    }
    return id;
  });
}

export function securityGroupName(deployment: string): string {
  return `spot-${deployment}`;
}

async function findGroup(
  clients: Clients,
  region: string,
  { deployment, vpc }: { deployment: string; vpc: string },
): Promise<string | undefined> {
  const answer = await clients.ec2(region).send(
    new DescribeSecurityGroupsCommand({
      Filters: [deploymentFilter(deployment), { Name: 'vpc-id', Values: [vpc] }],
    }),
  );
  return answer.SecurityGroups?.[0]?.GroupId;
}

async function createGroup(
  clients: Clients,
  region: string,
  { deployment, vpc, tags }: { deployment: string; vpc: string; tags: Tags },
): Promise<string> {
  const answer = await clients.ec2(region).send(
    new CreateSecurityGroupCommand({
      GroupName: securityGroupName(deployment),
      Description: `Machines of the spot-deployer deployment ${deployment}`,
      VpcId: vpc,
      TagSpecifications: tagSpecifications(['security-group'], tags),
    }),
  );
  return answer.GroupId ?? '';
}

function permissions({ port, cidrs }: Ingress): IpPermission[] {
  return cidrs.map((cidr) => ({
    IpProtocol: 'tcp',
    FromPort: port,
    ToPort: port,
    ...(cidr.includes(':') ? { Ipv6Ranges: [{ CidrIpv6: cidr }] } : { IpRanges: [{ CidrIp: cidr }] }),
  }));
}

/** The deployment's security groups in a region. */
export async function findSecurityGroups(
  clients: Clients,
  region: string,
  deployment: string,
): Promise<string[]> {
  return cloudCall(`DescribeSecurityGroups in ${region}`, async () => {
    const answer = await clients
      .ec2(region)
      .send(new DescribeSecurityGroupsCommand({ Filters: [deploymentFilter(deployment)] }));
    return (answer.SecurityGroups ?? []).map(({ GroupId }) => GroupId ?? '');
  });
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
