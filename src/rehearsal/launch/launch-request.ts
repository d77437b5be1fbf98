import { ApiError } from '../api/api-error.ts';
import type { Parameters } from '../api/parameters.ts';
import { type Tags, tagsFor } from '../api/tag-specifications.ts';

/** What a launch asks for, by RunInstances, by a launch template, or by both. Ids are not checked yet. */
export interface LaunchRequest {
  readonly imageId: string | undefined;
  readonly instanceType: string | undefined;
  readonly keyName: string | undefined;
  readonly groupIds: readonly string[];
  readonly groupNames: readonly string[];
  readonly subnetId: string | undefined;
  readonly zone: string | undefined;
  /** Base64, as sent. */
  readonly userData: string | undefined;
  readonly volume: {
    readonly gibibytes: number | undefined;
    readonly type: string;
    readonly encrypted: boolean;
  };
  readonly spot: { readonly maxPrice: number | undefined } | undefined;
  readonly shutdownBehavior: 'stop' | 'terminate';
  readonly httpTokens: 'required' | 'optional';
  readonly httpHopLimit: number;
  readonly tagsInMetadata: boolean;
  readonly instanceTags: Tags;
  readonly volumeTags: Tags;
  readonly networkInterfaceTags: Tags;
  readonly spotRequestTags: Tags;
}

/** The parameters that a launch template's data and RunInstances have in common. */
export const launchParameters = [
  'ImageId',
  'InstanceType',
  'KeyName',
  'UserData',
  'SecurityGroupId.N',
  'SecurityGroup.N',
  'BlockDeviceMapping.N.DeviceName',
  'BlockDeviceMapping.N.Ebs.VolumeSize',
  'BlockDeviceMapping.N.Ebs.VolumeType',
  'BlockDeviceMapping.N.Ebs.Encrypted',
  'BlockDeviceMapping.N.Ebs.DeleteOnTermination',
  'BlockDeviceMapping.N.Ebs.Iops',
  'BlockDeviceMapping.N.Ebs.Throughput',
  'BlockDeviceMapping.N.Ebs.KmsKeyId',
  'NetworkInterface.N.DeviceIndex',
  'NetworkInterface.N.SubnetId',
  'NetworkInterface.N.SecurityGroupId.N',
  'NetworkInterface.N.AssociatePublicIpAddress',
  'NetworkInterface.N.DeleteOnTermination',
  'NetworkInterface.N.Description',
  'Placement.AvailabilityZone',
  'Placement.Tenancy',
  'InstanceMarketOptions.MarketType',
  'InstanceMarketOptions.SpotOptions.MaxPrice',
  'InstanceMarketOptions.SpotOptions.SpotInstanceType',
  'InstanceMarketOptions.SpotOptions.InstanceInterruptionBehavior',
  'MetadataOptions.HttpTokens',
  'MetadataOptions.HttpEndpoint',
  'MetadataOptions.HttpPutResponseHopLimit',
  'MetadataOptions.InstanceMetadataTags',
  'InstanceInitiatedShutdownBehavior',
  'Monitoring.Enabled',
  'EbsOptimized',
  'CreditSpecification.CpuCredits',
  'IamInstanceProfile.Name',
  'IamInstanceProfile.Arn',
  'TagSpecification.N.ResourceType',
  'TagSpecification.N.Tag.N.Key',
  'TagSpecification.N.Tag.N.Value',
] as const;

const mostUserData = 16_384;
const taggable = ['instance', 'volume', 'network-interface', 'spot-instances-request'];

/**
 * Reads a launch from the parameters of RunInstances over those of a launch template: a parameter of the request
 * takes the whole place of the template's.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RunInstances.html
 */
export function readLaunchRequest(template: Parameters, request: Parameters): LaunchRequest {
  const both = request.over(template);
  const userData = both.text('UserData');
  if (userData !== undefined) checkUserData(userData);
  const [networkInterface] = both.groups('NetworkInterface');
  const [disk] = both.groups('BlockDeviceMapping');
  const ebs = disk?.group('Ebs');
  const metadata = both.group('MetadataOptions');
  return {
    imageId: both.text('ImageId'),
    instanceType: both.text('InstanceType'),
    keyName: both.text('KeyName'),
    groupIds: networkInterface?.texts('SecurityGroupId') ?? both.texts('SecurityGroupId'),
    groupNames: both.texts('SecurityGroup'),
    subnetId: networkInterface?.text('SubnetId') ?? request.text('SubnetId'),
    zone: both.group('Placement').text('AvailabilityZone'),
    userData: userData === '' ? undefined : userData,
    volume: {
      gibibytes: ebs?.integer('VolumeSize', 1, 65_536),
      type: ebs?.text('VolumeType') ?? 'gp3',
      encrypted: ebs?.flag('Encrypted') ?? false,
    },
    spot: readSpot(both.group('InstanceMarketOptions')),
    shutdownBehavior: both.choice('InstanceInitiatedShutdownBehavior', ['stop', 'terminate']) ?? 'stop',
    httpTokens: metadata.choice('HttpTokens', ['required', 'optional']) ?? 'optional',
    httpHopLimit: metadata.integer('HttpPutResponseHopLimit', 1, 64) ?? 1,
    tagsInMetadata: metadata.choice('InstanceMetadataTags', ['enabled', 'disabled']) === 'enabled',
    instanceTags: { ...tagsFor(template, 'instance', taggable), ...tagsFor(request, 'instance', taggable) },
    volumeTags: { ...tagsFor(template, 'volume', taggable), ...tagsFor(request, 'volume', taggable) },
    networkInterfaceTags: {
      ...tagsFor(template, 'network-interface', taggable),
      ...tagsFor(request, 'network-interface', taggable),
    },
    spotRequestTags: {
      ...tagsFor(template, 'spot-instances-request', taggable),
      ...tagsFor(request, 'spot-instances-request', taggable),
    },
  };
}

/** Raw user data is limited to 16 KB; https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/user-data.html */
function checkUserData(base64: string): void {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(base64) || base64.length % 4 !== 0) {
    throw new ApiError('InvalidUserData.Malformed', 'Invalid BASE64 encoding of user data.');
  }
  if (Buffer.from(base64, 'base64').length > mostUserData) {
    throw new ApiError('InvalidParameterValue', 'User data is limited to 16384 bytes');
  }
}

function readSpot(options: Parameters): LaunchRequest['spot'] {
  if (options.choice('MarketType', ['spot']) === undefined) return undefined;
  const spot = options.group('SpotOptions');
  const type = spot.choice('SpotInstanceType', ['one-time', 'persistent']) ?? 'one-time';
  const behavior =
    spot.choice('InstanceInterruptionBehavior', ['terminate', 'stop', 'hibernate']) ?? 'terminate';
  if (type === 'persistent' || behavior !== 'terminate') {
    throw new ApiError(
      'UnsupportedOperation',
      'The rehearsal cloud has one-time Spot requests that end in termination only.',
    );
  }
  return { maxPrice: readPrice(spot.text('MaxPrice')) };
}

/** A price in USD an hour, as the text that the API has for it. */
export function readPrice(text: string | undefined): number | undefined {
  if (text === undefined || text === '') return undefined;
  const price = Number(text);
  if (!(price >= 0.001)) {
    throw new ApiError('InvalidParameterValue', `'${text}' is not a valid spot instance price`);
  }
  return price;
}
