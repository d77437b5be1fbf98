import { type Actions, listing } from '../api/action.ts';
import { filtered } from '../api/filters.ts';
import { page } from '../api/pages.ts';
import { named } from '../api/selection.ts';
import { tagSet } from '../api/tag-specifications.ts';
import { currentState } from '../machines/settle.ts';
import { emptyState } from '../store/cloud-state.ts';
import { accountId, defaultSubnets, defaultVpc } from '../world/network.ts';
import { attachmentXml, networkInterfaceXml } from './instance-xml.ts';

/**
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeVpcs.html
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeSubnets.html
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeNetworkInterfaces.html
 */
export const networkActions: Actions = {
  DescribeVpcs: {
    parameters: ['VpcId.N', ...listing],
    handle: async ({ cloud, region, parameters }) => {
      const state = (await cloud.store.read()) ?? emptyState();
      const vpcs = named([defaultVpc(region)], parameters.texts('VpcId'), 'InvalidVpcID.NotFound', 'vpc');
      const shown = filtered(
        parameters,
        vpcs,
        {
          cidr: (vpc) => [vpc.cidr],
          'cidr-block-association.cidr-block': (vpc) => [vpc.cidr],
          'is-default': () => ['true'],
          isDefault: () => ['true'],
          'owner-id': () => [accountId],
          state: () => ['available'],
          'vpc-id': (vpc) => [vpc.id],
        },
        (vpc) => state.tags[vpc.id] ?? {},
      );
      const { things, nextToken } = page(parameters, shown, (vpc) => vpc.id);
      return {
        vpcSet: things.map((vpc) => ({
          vpcId: vpc.id,
          ownerId: accountId,
          state: 'available',
          cidrBlock: vpc.cidr,
          dhcpOptionsId: 'default',
          instanceTenancy: 'default',
          isDefault: true,
          tagSet: tagSet(state.tags[vpc.id]),
        })),
        nextToken,
      };
    },
  },
  DescribeSubnets: {
    parameters: ['SubnetId.N', ...listing],
    handle: async ({ cloud, region, parameters }) => {
      const state = (await cloud.store.read()) ?? emptyState();
      const vpc = defaultVpc(region);
      const subnets = named(
        defaultSubnets(region),
        parameters.texts('SubnetId'),
        'InvalidSubnetID.NotFound',
        'subnet',
      );
      const shown = filtered(
        parameters,
        subnets,
        {
          'availability-zone': (subnet) => [subnet.zone],
          'availability-zone-id': (subnet) => [subnet.zoneId],
          availabilityZone: (subnet) => [subnet.zone],
          cidr: (subnet) => [subnet.cidr],
          'cidr-block': (subnet) => [subnet.cidr],
          'default-for-az': () => ['true'],
          defaultForAz: () => ['true'],
          'map-public-ip-on-launch': () => ['true'],
          'owner-id': () => [accountId],
          state: () => ['available'],
          'subnet-id': (subnet) => [subnet.id],
          'vpc-id': () => [vpc.id],
        },
        (subnet) => state.tags[subnet.id] ?? {},
      );
      const { things, nextToken } = page(parameters, shown, (subnet) => subnet.id);
      return {
        subnetSet: things.map((subnet) => ({
          subnetId: subnet.id,
          ownerId: accountId,
          state: 'available',
          vpcId: vpc.id,
          cidrBlock: subnet.cidr,
          availableIpAddressCount: 4091,
          availabilityZone: subnet.zone,
          availabilityZoneId: subnet.zoneId,
          defaultForAz: true,
          mapPublicIpOnLaunch: true,
          assignIpv6AddressOnCreation: false,
          tagSet: tagSet(state.tags[subnet.id]),
        })),
        nextToken,
      };
    },
  },
  DescribeNetworkInterfaces: {
    parameters: ['NetworkInterfaceId.N', ...listing],
    handle: async ({ cloud, region, parameters }) => {
      const state = await currentState(cloud, region);
      const live = Object.values(state.instances)
        .filter((instance) => instance.region === region && instance.state !== 'terminated')
        .map((instance) => ({ id: instance.networkInterfaceId, instance }));
      const ids = parameters.texts('NetworkInterfaceId');
      const shown = filtered(
        parameters,
        named(live, ids, 'InvalidNetworkInterfaceID.NotFound', 'networkInterface'),
        {
          'attachment.instance-id': ({ instance }) => [instance.id],
          'availability-zone': ({ instance }) => [instance.zone],
          'group-id': ({ instance }) => instance.groupIds,
          'mac-address': ({ instance }) => [instance.macAddress],
          'network-interface-id': ({ id }) => [id],
          status: () => ['in-use'],
          'subnet-id': ({ instance }) => [instance.subnetId],
          'vpc-id': () => [defaultVpc(region).id],
        },
        ({ id }) => state.tags[id] ?? {},
      );
      const { things, nextToken } = page(parameters, shown, ({ id }) => id);
      return {
        networkInterfaceSet: things.map(({ id, instance }) => ({
          ...networkInterfaceXml(state, instance),
          availabilityZone: instance.zone,
          attachment: { ...attachmentXml(instance), instanceId: instance.id, instanceOwnerId: accountId },
          tagSet: tagSet(state.tags[id]),
        })),
        nextToken,
      };
    },
  },
};
