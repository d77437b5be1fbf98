/**
 * The regions that every AWS account has without opting in.
 * https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html
 */
export const regionNames = [
  'us-east-1',
  'us-east-2',
  'us-west-1',
  'us-west-2',
  'ca-central-1',
  'sa-east-1',
  'eu-west-1',
  'eu-west-2',
  'eu-west-3',
  'eu-central-1',
  'eu-north-1',
  'ap-south-1',
  'ap-southeast-1',
  'ap-southeast-2',
  'ap-northeast-1',
  'ap-northeast-2',
  'ap-northeast-3',
] as const;

export interface Zone {
  /** `us-east-1a` */
  readonly name: string;
  /** `use1-az1`, the same for every account. */
  readonly id: string;
  readonly region: string;
}

/** Three zones a region. */
export function zonesOf(region: string): readonly Zone[] {
  return ['a', 'b', 'c'].map((letter, index) => ({
    name: `${region}${letter}`,
    id: `${shortName(region)}-az${index + 1}`,
    region,
  }));
}

/** `ap-southeast-1` → `apse1`, as in zone ids. */
function shortName(region: string): string {
  const [area = '', direction = '', number = ''] = region.split('-');
  return area + direction.replaceAll(/(north|south|east|west|central)/g, (word) => word.charAt(0)) + number;
}
