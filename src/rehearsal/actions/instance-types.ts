import { type Actions, listing } from '../api/action.ts';
import { ApiError } from '../api/api-error.ts';
import { filtered } from '../api/filters.ts';
import { page } from '../api/pages.ts';
import type { XmlObject } from '../api/xml.ts';
import { findInstanceType, type InstanceType, instanceTypes } from '../world/instance-types.ts';
import { zonesOf } from '../world/regions.ts';

/**
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstanceTypes.html
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstanceTypeOfferings.html
 */
export const instanceTypeActions: Actions = {
  DescribeInstanceTypes: {
    parameters: ['InstanceType.N', ...listing],
    handle: ({ parameters }) => {
      const names = parameters.texts('InstanceType');
      const unknown = names.filter((name) => findInstanceType(name) === undefined);
      if (unknown.length > 0) {
        throw new ApiError(
          'InvalidInstanceType',
          `The following supplied instance types do not exist: [${unknown.join(', ')}]`,
        );
      }
      const chosen = instanceTypes.filter((type) => names.length === 0 || names.includes(type.name));
      const shown = filtered(parameters, chosen, {
        'bare-metal': () => ['false'],
        'burstable-performance-supported': (type) => [String(type.name.startsWith('t'))],
        'current-generation': () => ['true'],
        'instance-type': (type) => [type.name],
        'memory-info.size-in-mib': (type) => [String(type.memoryMiB)],
        'processor-info.supported-architecture': (type) => [type.architecture],
        'supported-usage-class': () => ['on-demand', 'spot'],
        'vcpu-info.default-vcpus': (type) => [String(type.vcpus)],
      });
      const { things, nextToken } = page(parameters, shown, (type) => type.name, { least: 5, most: 100 });
      return { instanceTypeSet: things.map(typeXml), nextToken };
    },
  },
  DescribeInstanceTypeOfferings: {
    parameters: ['LocationType', ...listing],
    handle: ({ region, parameters }) => {
      const locationType =
        parameters.choice('LocationType', ['region', 'availability-zone', 'availability-zone-id']) ??
        'region';
      const locations = {
        region: [region],
        'availability-zone': zonesOf(region).map((zone) => zone.name),
        'availability-zone-id': zonesOf(region).map((zone) => zone.id),
      }[locationType];
      const offerings = instanceTypes.flatMap((type) =>
        locations.map((location) => ({ type: type.name, location })),
      );
      const shown = filtered(parameters, offerings, {
        'instance-type': (offering) => [offering.type],
        location: (offering) => [offering.location],
      });
      const { things, nextToken } = page(parameters, shown, ({ type, location }) => `${type} ${location}`);
      return {
        instanceTypeOfferingSet: things.map(({ type, location }) => ({
          instanceType: type,
          locationType,
          location,
        })),
        nextToken,
      };
    },
  },
};

function typeXml(type: InstanceType): XmlObject {
  const burstable = type.name.startsWith('t');
  return {
    instanceType: type.name,
    currentGeneration: true,
    freeTierEligible: type.name.endsWith('.micro'),
    supportedUsageClasses: ['on-demand', 'spot'],
    supportedRootDeviceTypes: ['ebs'],
    supportedVirtualizationTypes: ['hvm'],
    bareMetal: false,
    hypervisor: 'nitro',
    processorInfo: { supportedArchitectures: [type.architecture] },
    vCpuInfo: { defaultVCpus: type.vcpus },
    memoryInfo: { sizeInMiB: type.memoryMiB },
    instanceStorageSupported: false,
    burstablePerformanceSupported: burstable,
  };
}
