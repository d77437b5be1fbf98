import type { Actions } from '../api/action.ts';
import { ApiError } from '../api/api-error.ts';
import { filtered } from '../api/filters.ts';
import { defaultVpc } from '../world/network.ts';
import { regionNames, type Zone, zonesOf } from '../world/regions.ts';

/**
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeRegions.html
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeAvailabilityZones.html
 */
export const regionActions: Actions = {
  DescribeRegions: {
    parameters: ['RegionName.N', 'AllRegions', 'Filter.N.Name', 'Filter.N.Value.N', 'DryRun'],
    handle: ({ parameters }) => {
      const named = parameters.texts('RegionName');
      const unknown = named.find((name) => !regionNames.some((region) => region === name));
      if (unknown !== undefined)
        throw new ApiError('InvalidParameterValue', `Invalid region name: ${unknown}`);
      const regions = regionNames.filter((region) => named.length === 0 || named.includes(region));
      const shown = filtered(parameters, regions, {
        endpoint: (region) => [endpointOf(region)],
        'opt-in-status': () => ['opt-in-not-required'],
        'region-name': (region) => [region],
      });
      return {
        regionInfo: shown.map((region) => ({
          regionName: region,
          regionEndpoint: endpointOf(region),
          optInStatus: 'opt-in-not-required',
        })),
      };
    },
  },
  DescribeAvailabilityZones: {
    parameters: [
      'ZoneName.N',
      'ZoneId.N',
      'AllAvailabilityZones',
      'Filter.N.Name',
      'Filter.N.Value.N',
      'DryRun',
    ],
    handle: ({ region, parameters }) => {
      const names = parameters.texts('ZoneName');
      const ids = parameters.texts('ZoneId');
      const zones = zonesOf(region);
      const unknown =
        names.find((name) => !zones.some((zone) => zone.name === name)) ??
        ids.find((id) => !zones.some((zone) => zone.id === id));
      if (unknown !== undefined)
        throw new ApiError('InvalidParameterValue', `Invalid availability zone: [${unknown}]`);
      const chosen = zones.filter(
        (zone) =>
          (names.length === 0 || names.includes(zone.name)) && (ids.length === 0 || ids.includes(zone.id)),
      );
      const shown = filtered<Zone>(parameters, chosen, {
        'opt-in-status': () => ['opt-in-not-required'],
        'region-name': (zone) => [zone.region],
        state: () => ['available'],
        'zone-id': (zone) => [zone.id],
        'zone-name': (zone) => [zone.name],
        'zone-type': () => ['availability-zone'],
      });
      return {
        availabilityZoneInfo: shown.map((zone) => ({
          optInStatus: 'opt-in-not-required',
          regionName: zone.region,
          zoneId: zone.id,
          zoneName: zone.name,
          zoneState: 'available',
          zoneType: 'availability-zone',
          groupName: zone.region,
          networkBorderGroup: zone.region,
          messageSet: [],
        })),
      };
    },
  },
  DescribeAccountAttributes: {
    parameters: ['AttributeName.N', 'DryRun'],
    handle: ({ region, parameters }) => {
      const named = parameters.texts('AttributeName');
      const values = { 'supported-platforms': 'VPC', 'default-vpc': defaultVpc(region).id };
      return {
        accountAttributeSet: Object.entries(values)
          .filter(([name]) => named.length === 0 || named.includes(name))
          .map(([name, value]) => ({ attributeName: name, attributeValueSet: [{ attributeValue: value }] })),
      };
    },
  },
};

function endpointOf(region: string): string {
  return `ec2.${region}.amazonaws.com`;
}
