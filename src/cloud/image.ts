import { DescribeImagesCommand, DescribeInstanceTypesCommand } from '@aws-sdk/client-ec2';
import { SpotError } from '../errors/spot-error.ts';
import { cloudCall, isNotFound } from './aws-error.ts';
import type { Clients } from './clients.ts';

export interface MachineImage {
  readonly id: string;
  /** Device name of the root volume, which a launch must name to size it. */
  readonly rootDevice: string;
}

/**
 * Canonical's public parameter for the current Ubuntu 24.04 image, by architecture.
 * Source: https://documentation.ubuntu.com/aws/aws-how-to/instances/find-ubuntu-images/
 */
const ubuntuParameter = (architecture: string) =>
  `/aws/service/canonical/ubuntu/server/24.04/stable/current/${architecture}/hvm/ebs-gp3/ami-id`;

/**
 * The image to launch: the one named, or for `auto` the current Ubuntu 24.04 of the type's architecture.
 * @throws SPOT-E-IMAGE-NOT-FOUND
 */
export async function resolveImage(
  clients: Clients,
  region: string,
  image: string,
  machineType: string,
): Promise<MachineImage> {
  const id = image === 'auto' ? await currentUbuntu(clients, region, machineType) : image;
  return cloudCall(`DescribeImages in ${region}`, async () => {
    try {
      const answer = await clients.ec2(region).send(new DescribeImagesCommand({ ImageIds: [id] }));
      const found = answer.Images?.[0];
      if (found) return { id, rootDevice: found.RootDeviceName ?? '/dev/sda1' };
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
    throw new SpotError('SPOT-E-IMAGE-NOT-FOUND', {
      message: `The image ${id} does not exist in ${region}.`,
      where: region,
      hint: 'Image ids differ from region to region: use `image: auto`, or the id of this region.',
    });
  });
}

async function currentUbuntu(clients: Clients, region: string, machineType: string): Promise<string> {
  const architecture = await architectureOf(clients, region, machineType);
  const { GetParameterCommand, SSMClient } = await import('@aws-sdk/client-ssm');
  const ssm = new SSMClient(clients.configuration(region));
  const name = ubuntuParameter(architecture);
  try {
    return await cloudCall(`Looking up the Ubuntu image of ${region}`, async () => {
      const { Parameter } = await ssm.send(new GetParameterCommand({ Name: name }));
      if (Parameter?.Value) return Parameter.Value;
      throw new SpotError('SPOT-E-IMAGE-NOT-FOUND', {
        message: `${name} is empty in ${region}.`,
        where: region,
      });
    });
  } finally {
    ssm.destroy();
  }
}

async function architectureOf(
  clients: Clients,
  region: string,
  machineType: string,
): Promise<'amd64' | 'arm64'> {
  return cloudCall(`DescribeInstanceTypes ${machineType} in ${region}`, async () => {
    const answer = await clients.ec2(region).send(
      // The SDK types the name as a closed list; EC2 has newer types than any SDK.
      new DescribeInstanceTypesCommand({ InstanceTypes: [machineType as 't3.medium'] }),
    );
    const architectures = answer.InstanceTypes?.[0]?.ProcessorInfo?.SupportedArchitectures ?? [];
    return architectures.includes('arm64') ? 'arm64' : 'amd64';
  });
}
