export type Architecture = 'x86_64' | 'arm64';

export interface InstanceType {
  readonly name: string;
  readonly architecture: Architecture;
  readonly vcpus: number;
  readonly memoryMiB: number;
  /** USD an hour, on demand, Linux, us-east-1. */
  readonly onDemandPrice: number;
}

const type = (
  name: string,
  architecture: Architecture,
  vcpus: number,
  memoryGiB: number,
  onDemandPrice: number,
): InstanceType => ({ name, architecture, vcpus, memoryMiB: memoryGiB * 1024, onDemandPrice });

/** The types on offer, in every zone. Sizes and prices: https://aws.amazon.com/ec2/pricing/on-demand/ (us-east-1). */
export const instanceTypes: readonly InstanceType[] = [
  type('t3.nano', 'x86_64', 2, 0.5, 0.0052),
  type('t3.micro', 'x86_64', 2, 1, 0.0104),
  type('t3.small', 'x86_64', 2, 2, 0.0208),
  type('t3.medium', 'x86_64', 2, 4, 0.0416),
  type('t3.large', 'x86_64', 2, 8, 0.0832),
  type('t3.xlarge', 'x86_64', 4, 16, 0.1664),
  type('t3.2xlarge', 'x86_64', 8, 32, 0.3328),
  type('t3a.micro', 'x86_64', 2, 1, 0.0094),
  type('t3a.small', 'x86_64', 2, 2, 0.0188),
  type('t3a.medium', 'x86_64', 2, 4, 0.0376),
  type('t4g.nano', 'arm64', 2, 0.5, 0.0042),
  type('t4g.micro', 'arm64', 2, 1, 0.0084),
  type('t4g.small', 'arm64', 2, 2, 0.0168),
  type('t4g.medium', 'arm64', 2, 4, 0.0336),
  type('t4g.large', 'arm64', 2, 8, 0.0672),
  type('m5.large', 'x86_64', 2, 8, 0.096),
  type('m5.xlarge', 'x86_64', 4, 16, 0.192),
  type('m6i.large', 'x86_64', 2, 8, 0.096),
  type('m6i.xlarge', 'x86_64', 4, 16, 0.192),
  type('m7g.medium', 'arm64', 1, 4, 0.0408),
  type('m7g.large', 'arm64', 2, 8, 0.0816),
  type('c5.large', 'x86_64', 2, 4, 0.085),
  type('c5.xlarge', 'x86_64', 4, 8, 0.17),
  type('c6i.large', 'x86_64', 2, 4, 0.085),
  type('c6i.xlarge', 'x86_64', 4, 8, 0.17),
  type('c7g.large', 'arm64', 2, 4, 0.0725),
  type('r5.large', 'x86_64', 2, 16, 0.126),
  type('r6i.large', 'x86_64', 2, 16, 0.126),
];

const byName = new Map(instanceTypes.map((each) => [each.name, each]));

/** The type of a name; undefined when it is not on offer. */
export function findInstanceType(name: string): InstanceType | undefined {
  return byName.get(name);
}
