import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateFleetCommand,
  type CreateFleetCommandOutput,
  CreateLaunchTemplateCommand,
  DeleteLaunchTemplateCommand,
  type _InstanceType as InstanceType,
  paginateDescribeLaunchTemplates,
} from '@aws-sdk/client-ec2';
import { awsErrorCode, classifyError, cloudCall, isNotFound } from './aws-error.ts';
import type { Clients } from './clients.ts';
import type { MachineImage } from './image.ts';
import type { Network } from './network.ts';
import { deploymentFilter, type Tags, tagSpecifications } from './tags.ts';

export interface LaunchRequest {
  readonly deployment: string;
  /** ≤ 64 ASCII characters, on disk before the call: the same token gets the same machines, however often it is sent. */
  readonly token: string;
  readonly count: number;
  readonly machineType: string;
  readonly image: MachineImage;
  readonly network: Network;
  readonly securityGroup: string;
  readonly userData: string;
  readonly storageGb: number;
  /** Highest price in USD an hour; undefined: the on-demand price. */
  readonly maxPrice: number | undefined;
  readonly tags: Tags;
}

export interface LaunchOutcome {
  readonly ids: readonly string[];
  /** Why fewer came than were asked for, one entry a pool that was tried. */
  readonly errors: readonly { readonly code: string; readonly message: string }[];
}

/**
 * Launches spot machines with one synchronous `CreateFleet` of type `instant`, over one subnet a zone. It makes one
 * attempt and answers with machines **and** errors (EC2 API Reference, CreateFleet). User data and metadata options
 * can only come from a launch template, which is deleted again: an instant fleet does not need it any more.
 * @throws SPOT-E-CLOUD-UNREACHABLE when it is not known whether the call took effect; other codes are refusals
 */
export async function launchMachines(
  clients: Clients,
  region: string,
  request: LaunchRequest,
): Promise<LaunchOutcome> {
  return cloudCall(`Launching ${request.count} × ${request.machineType} in ${region}`, async () => {
    const template = await ensureLaunchTemplate(clients, region, request);
    const answer = await createFleet(clients, region, request, template);
    // Only now: after a lost answer the same call is made again, and needs it.
    await deleteLaunchTemplate(clients, region, template).catch(() => {
      // The machines are there, which matters more; `destroy` finds the template by its tag.
    });
    return answer;
  });
}

/**
 * One launch, repeated with the same token while it fails for a passing reason: the cloud is throttling, the line was
 * cut, or what was made a moment ago is not visible everywhere yet.
 */
async function createFleet(
  clients: Clients,
  region: string,
  request: LaunchRequest,
  template: string,
): Promise<LaunchOutcome> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return toOutcome(await clients.ec2Launcher(region).send(fleetCommand(request, template)));
    } catch (error) {
      const passing = classifyError(error).blocks === 'nothing' || justMade.has(awsErrorCode(error) ?? '');
      if (!passing || attempt === mostAttempts) throw error;
    }
    // Full jitter, as AWS advises: "Exponential Backoff And Jitter", AWS Architecture Blog.
    await sleep(Math.random() * Math.min(500 * 2 ** attempt, 8_000));
  }
}

const mostAttempts = 5;

/** Right after their creation these may not be visible to the launch yet (eventual consistency, EC2 API Reference). */
const justMade: ReadonlySet<string> = new Set([
  'InvalidGroup.NotFound',
  'InvalidLaunchTemplateName.NotFoundException',
  'InvalidLaunchTemplateId.NotFound',
]);

function fleetCommand(request: LaunchRequest, template: string): CreateFleetCommand {
  return new CreateFleetCommand({
    Type: 'instant',
    ClientToken: request.token,
    TargetCapacitySpecification: { TotalTargetCapacity: request.count, DefaultTargetCapacityType: 'spot' },
    SpotOptions: { AllocationStrategy: 'price-capacity-optimized' },
    TagSpecifications: tagSpecifications(['fleet'], request.tags),
    LaunchTemplateConfigs: [
      {
        LaunchTemplateSpecification: { LaunchTemplateName: template, Version: '$Latest' },
        Overrides: request.network.subnets.map(({ id }) => ({
          InstanceType: request.machineType as InstanceType,
          SubnetId: id,
          ...(request.maxPrice !== undefined && { MaxPrice: String(request.maxPrice) }),
        })),
      },
    ],
  });
}

function toOutcome(answer: CreateFleetCommandOutput): LaunchOutcome {
  return {
    ids: (answer.Instances ?? []).flatMap(({ InstanceIds }) => InstanceIds ?? []),
    errors: (answer.Errors ?? []).map(({ ErrorCode, ErrorMessage }) => ({
      code: ErrorCode ?? 'unknown',
      message: ErrorMessage ?? '',
    })),
  };
}

/** The template's name says which launch it belongs to, so a repeated launch finds the one it made before. */
async function ensureLaunchTemplate(
  clients: Clients,
  region: string,
  request: LaunchRequest,
): Promise<string> {
  const name = `spot-${request.deployment}-${request.token}`.slice(0, 128);
  try {
    await clients.ec2(region).send(
      new CreateLaunchTemplateCommand({
        LaunchTemplateName: name,
        TagSpecifications: tagSpecifications(['launch-template'], request.tags),
        LaunchTemplateData: {
          ImageId: request.image.id,
          UserData: Buffer.from(request.userData).toString('base64'),
          SecurityGroupIds: [request.securityGroup],
          MetadataOptions: { HttpTokens: 'required', HttpEndpoint: 'enabled', HttpPutResponseHopLimit: 2 },
          InstanceInitiatedShutdownBehavior: 'terminate',
          BlockDeviceMappings: [
            {
              DeviceName: request.image.rootDevice,
              Ebs: {
                VolumeSize: request.storageGb,
                VolumeType: 'gp3',
                Encrypted: true,
                DeleteOnTermination: true,
              },
            },
          ],
          TagSpecifications: tagSpecifications(
            ['instance', 'volume', 'network-interface', 'spot-instances-request'],
            request.tags,
          ),
        },
      }),
    );
  } catch (error) {
    if (awsErrorCode(error) !== 'InvalidLaunchTemplateName.AlreadyExistsException') throw error;
  }
  return name;
}

async function deleteLaunchTemplate(clients: Clients, region: string, name: string): Promise<void> {
  try {
    await clients.ec2(region).send(new DeleteLaunchTemplateCommand({ LaunchTemplateName: name }));
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}

/**
 * Deletes the launch templates of a deployment that a killed process left behind.
 * @returns their names
 */
export async function deleteLaunchTemplates(
  clients: Clients,
  region: string,
  deployment: string,
): Promise<string[]> {
  return cloudCall(`Removing launch templates in ${region}`, async () => {
    const names: string[] = [];
    const pages = paginateDescribeLaunchTemplates(
      { client: clients.ec2(region) },
      { Filters: [deploymentFilter(deployment)] },
    );
    for await (const { LaunchTemplates } of pages) {
      names.push(...(LaunchTemplates ?? []).flatMap(({ LaunchTemplateName }) => LaunchTemplateName ?? []));
    }
    for (const name of names) await deleteLaunchTemplate(clients, region, name);
    return names;
  });
}
