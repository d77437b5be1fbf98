import { tagSet } from '../api/tag-specifications.ts';
import type { XmlObject } from '../api/xml.ts';
import type { CloudState, InstanceRecord, InstanceState } from '../store/cloud-state.ts';
import { groupsOf } from '../world/groups.ts';
import { findImage } from '../world/images.ts';
import { accountId, defaultVpc } from '../world/network.ts';

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_InstanceState.html */
const stateCodes: Record<InstanceState, number> = {
  pending: 0,
  running: 16,
  'shutting-down': 32,
  terminated: 48,
  stopping: 64,
  stopped: 80,
};

/** A state with its code. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_InstanceState.html */
export function stateXml(state: InstanceState): XmlObject {
  return { code: stateCodes[state], name: state };
}

/** Where the ports of a machine are reached from this computer, as tags that nobody set. */
export function endpointTags(instance: InstanceRecord): Record<string, string> {
  return Object.fromEntries(
    Object.entries(instance.ports).map(([port, local]) => [
      `rehearsal:endpoint:${port}`,
      `127.0.0.1:${local}`,
    ]),
  );
}

/** A machine's own tags and its endpoints. */
export function allTags(state: CloudState, instance: InstanceRecord): Record<string, string> {
  return { ...state.tags[instance.id], ...endpointTags(instance) };
}

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Instance.html */
export function instanceXml(state: CloudState, instance: InstanceRecord): XmlObject {
  const image = findImage(instance.region, instance.imageId);
  const vpc = defaultVpc(instance.region);
  const gone = instance.state === 'terminated';
  const groups = groupSet(state, instance);
  const address = gone ? undefined : instance.privateAddress;
  return {
    instanceId: instance.id,
    imageId: instance.imageId,
    instanceState: stateXml(instance.state),
    privateDnsName:
      address === undefined ? '' : `ip-${address.replaceAll('.', '-')}.${instance.region}.compute.internal`,
    dnsName: gone ? '' : 'localhost',
    reason: instance.stateReason?.message ?? '',
    keyName: instance.keyName,
    amiLaunchIndex: instance.launchIndex,
    productCodes: [],
    instanceType: instance.type,
    launchTime: instance.launchedAt,
    placement: { availabilityZone: instance.zone, groupName: '', tenancy: 'default' },
    monitoring: { state: 'disabled' },
    ...(gone
      ? {}
      : { subnetId: instance.subnetId, vpcId: vpc.id, privateIpAddress: address, ipAddress: '127.0.0.1' }),
    sourceDestCheck: true,
    groupSet: gone ? [] : groups,
    stateReason: instance.stateReason && {
      code: instance.stateReason.code,
      message: instance.stateReason.message,
    },
    architecture: image?.architecture,
    rootDeviceType: 'ebs',
    rootDeviceName: image?.rootDevice,
    blockDeviceMapping: gone
      ? []
      : [
          {
            deviceName: image?.rootDevice,
            ebs: {
              volumeId: instance.volumeId,
              status: 'attached',
              attachTime: instance.launchedAt,
              deleteOnTermination: true,
            },
          },
        ],
    virtualizationType: 'hvm',
    clientToken: instance.clientToken ?? '',
    tagSet: tagSet(allTags(state, instance)),
    hypervisor: 'xen',
    networkInterfaceSet: gone
      ? []
      : [{ ...networkInterfaceXml(state, instance), attachment: attachmentXml(instance) }],
    ebsOptimized: false,
    ...(instance.spot === undefined
      ? {}
      : { instanceLifecycle: 'spot', spotInstanceRequestId: instance.spot.requestId }),
    enaSupport: true,
    metadataOptions: {
      state: 'applied',
      httpTokens: instance.httpTokens,
      httpPutResponseHopLimit: instance.httpHopLimit,
      httpEndpoint: 'enabled',
    },
  };
}

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NetworkInterface.html */
export function networkInterfaceXml(state: CloudState, instance: InstanceRecord): XmlObject {
  return {
    networkInterfaceId: instance.networkInterfaceId,
    subnetId: instance.subnetId,
    vpcId: defaultVpc(instance.region).id,
    description: '',
    ownerId: accountId,
    status: 'in-use',
    macAddress: instance.macAddress,
    privateIpAddress: instance.privateAddress,
    sourceDestCheck: true,
    groupSet: groupSet(state, instance),
    interfaceType: 'interface',
    association: { publicIp: '127.0.0.1', publicDnsName: 'localhost', ipOwnerId: 'amazon' },
  };
}

/** How a machine's one network interface is attached to it. */
export function attachmentXml(instance: InstanceRecord): XmlObject {
  return {
    attachmentId: `eni-attach-${instance.networkInterfaceId.slice(4)}`,
    deviceIndex: 0,
    status: 'attached',
    attachTime: instance.launchedAt,
    deleteOnTermination: true,
  };
}

/** Machines of one launch call as an element of `reservationSet`. */
export function reservationXml(
  state: CloudState,
  reservationId: string,
  instances: readonly InstanceRecord[],
): XmlObject {
  return {
    reservationId,
    ownerId: accountId,
    groupSet: [],
    instancesSet: instances.map((instance) => instanceXml(state, instance)),
  };
}

function groupSet(state: CloudState, instance: InstanceRecord): readonly XmlObject[] {
  const known = groupsOf(state, instance.region);
  return instance.groupIds.map((groupId) => ({
    groupId,
    groupName: known.find((group) => group.id === groupId)?.name ?? '',
  }));
}
