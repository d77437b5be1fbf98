import { nearest } from './nearest.ts';

/** Source: https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html */
const knownRegions: readonly string[] = [
  ...['af-south-1'],
  ...['ap-east-1', 'ap-east-2'],
  ...['ap-northeast-1', 'ap-northeast-2', 'ap-northeast-3'],
  ...['ap-south-1', 'ap-south-2'],
  ...['ap-southeast-1', 'ap-southeast-2', 'ap-southeast-3', 'ap-southeast-4', 'ap-southeast-5'],
  ...['ap-southeast-6', 'ap-southeast-7'],
  ...['ca-central-1', 'ca-west-1'],
  ...['cn-north-1', 'cn-northwest-1'],
  ...['eu-central-1', 'eu-central-2', 'eu-north-1', 'eu-south-1', 'eu-south-2'],
  ...['eu-west-1', 'eu-west-2', 'eu-west-3'],
  ...['il-central-1'],
  ...['me-central-1', 'me-south-1'],
  ...['mx-central-1'],
  ...['sa-east-1'],
  ...['us-east-1', 'us-east-2', 'us-west-1', 'us-west-2'],
  ...['us-gov-east-1', 'us-gov-west-1'],
];

const areas = new Set(knownRegions.map(withoutNumber));

/**
 * The region that was probably meant by a name that is none; `undefined` when the name can be one. AWS opens
 * regions faster than the list grows, so another number in a known area passes (`us-east-3`), and so does an area
 * that is like no known one (`nz-south-1`).
 */
export function meantRegion(name: string): string | undefined {
  const isWellFormed = /^[a-z]{2}(-[a-z]+)+-\d{1,2}$/.test(name);
  if (isWellFormed && areas.has(withoutNumber(name))) return undefined;
  // Two letters away may be another country: af-south-1 and nz-south-1.
  if (isWellFormed) return nearest(name, knownRegions, 1);
  return nearest(name, knownRegions) ?? 'us-west-2';
}

function withoutNumber(region: string): string {
  return region.replace(/-\d+$/, '');
}
