import {
  CreateLaunchTemplateCommand,
  DescribeInstancesCommand,
  type DescribeInstancesCommandInput,
  type EC2Client,
  type Instance,
  type RequestLaunchTemplateData,
  RunInstancesCommand,
  type RunInstancesCommandInput,
} from '@aws-sdk/client-ec2';
import { imagesOf } from '../../src/rehearsal/world/images.ts';
import { freshName, region } from './open-cloud.ts';

/** An image of the region for one architecture. */
export function imageFor(architecture: 'x86_64' | 'arm64' = 'x86_64', inRegion = region): string {
  return imagesOf(inRegion).find((image) => image.architecture === architecture)?.id ?? '';
}

export async function run(
  ec2: EC2Client,
  changes: Partial<RunInstancesCommandInput> = {},
): Promise<Instance[]> {
  const answer = await ec2.send(
    new RunInstancesCommand({
      ImageId: imageFor(),
      InstanceType: 't3.micro',
      MinCount: 1,
      MaxCount: 1,
      ...changes,
    }),
  );
  return answer.Instances ?? [];
}

export async function instancesOf(ec2: EC2Client, input: DescribeInstancesCommandInput): Promise<Instance[]> {
  const answer = await ec2.send(new DescribeInstancesCommand(input));
  return (answer.Reservations ?? []).flatMap((reservation) => reservation.Instances ?? []);
}

export async function createTemplate(ec2: EC2Client, data: RequestLaunchTemplateData): Promise<string> {
  const answer = await ec2.send(
    new CreateLaunchTemplateCommand({ LaunchTemplateName: freshName('template'), LaunchTemplateData: data }),
  );
  return answer.LaunchTemplate?.LaunchTemplateId ?? '';
}
