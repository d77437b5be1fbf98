import type { InstanceRecord } from '../store/cloud-state.ts';
import { findImage } from '../world/images.ts';
import { accountId, defaultSubnets, defaultVpc } from '../world/network.ts';

/** A directory of the metadata service: leaves are text, the key `''` is a listing that is not its children. */
interface MetadataTree {
  readonly [name: string]: string | MetadataTree;
}

export interface MetadataSource {
  readonly instance: InstanceRecord;
  readonly groupNames: readonly string[];
  readonly key: { readonly name: string; readonly publicKey: string } | undefined;
  /** Raw user data, base64. */
  readonly userData: string | undefined;
  /** The tags to show, when the launch asked for them in the metadata. */
  readonly tags: Readonly<Record<string, string>> | undefined;
}

/** What the metadata service fills in: a container's addresses are known only to itself. */
const address = '@address';
const macAddress = '@mac';

/**
 * What image/imds.py serves to one machine, as base64 of JSON.
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-instance-metadata.html
 */
export function encodeMetadata(source: MetadataSource): string {
  const content = {
    httpTokens: source.instance.httpTokens,
    userData: source.userData ?? null,
    tree: { 'meta-data': metadataTree(source), dynamic: dynamicTree(source.instance) },
  };
  return Buffer.from(JSON.stringify(content)).toString('base64');
}

function metadataTree(source: MetadataSource): MetadataTree {
  const { instance } = source;
  const host = `ip-${instance.id.slice(2, 10)}.${instance.region}.compute.internal`;
  return {
    'ami-id': instance.imageId,
    'ami-launch-index': String(instance.launchIndex),
    'ami-manifest-path': '(unknown)',
    'block-device-mapping': { ami: rootDevice(instance), root: rootDevice(instance) },
    hostname: host,
    'instance-action': 'none',
    'instance-id': instance.id,
    'instance-life-cycle': instance.spot === undefined ? 'on-demand' : 'spot',
    'instance-type': instance.type,
    'local-hostname': host,
    'local-ipv4': address,
    mac: macAddress,
    network: { interfaces: { macs: { [macAddress]: interfaceTree(source, host) } } },
    placement: {
      'availability-zone': instance.zone,
      'availability-zone-id': subnetOf(instance)?.zoneId ?? '',
      region: instance.region,
    },
    'public-ipv4': '127.0.0.1',
    'public-hostname': 'localhost',
    ...(source.key === undefined
      ? {}
      : { 'public-keys': { '': `0=${source.key.name}`, '0': { 'openssh-key': source.key.publicKey } } }),
    'reservation-id': instance.reservationId,
    'security-groups': source.groupNames.join('\n'),
    services: { domain: 'amazonaws.com', partition: 'aws' },
    ...(source.tags === undefined ? {} : { tags: { instance: source.tags } }),
  };
}

function interfaceTree({ instance, groupNames }: MetadataSource, host: string): MetadataTree {
  const vpc = defaultVpc(instance.region);
  return {
    'device-number': '0',
    'interface-id': instance.networkInterfaceId,
    'local-hostname': host,
    'local-ipv4s': address,
    mac: macAddress,
    'owner-id': accountId,
    'public-ipv4s': '127.0.0.1',
    'security-group-ids': instance.groupIds.join('\n'),
    'security-groups': groupNames.join('\n'),
    'subnet-id': instance.subnetId,
    'subnet-ipv4-cidr-block': subnetOf(instance)?.cidr ?? vpc.cidr,
    'vpc-id': vpc.id,
    'vpc-ipv4-cidr-block': vpc.cidr,
    'vpc-ipv4-cidr-blocks': vpc.cidr,
  };
}

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-identity-documents.html */
function dynamicTree(instance: InstanceRecord): MetadataTree {
  const document = {
    accountId,
    architecture: findImage(instance.region, instance.imageId)?.architecture ?? 'x86_64',
    availabilityZone: instance.zone,
    imageId: instance.imageId,
    instanceId: instance.id,
    instanceType: instance.type,
    pendingTime: instance.launchedAt,
    privateIp: address,
    region: instance.region,
    version: '2017-09-30',
  };
  return { 'instance-identity': { document: JSON.stringify(document, undefined, 2) } };
}

function rootDevice(instance: InstanceRecord): string {
  return findImage(instance.region, instance.imageId)?.rootDevice ?? '/dev/sda1';
}

function subnetOf(instance: InstanceRecord) {
  return defaultSubnets(instance.region).find((subnet) => subnet.id === instance.subnetId);
}
