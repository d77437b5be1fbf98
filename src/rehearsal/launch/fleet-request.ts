import type { Call } from '../api/action.ts';
import { ApiError } from '../api/api-error.ts';
import { Parameters } from '../api/parameters.ts';
import type { CloudState } from '../store/cloud-state.ts';
import { checkPrice, type LaunchOrder, resolveOrder } from './launch-order.ts';
import { readLaunchRequest, readPrice } from './launch-request.ts';
import { findTemplateData } from './launch-template.ts';

/** A launch template with one of its overrides: a pool that a fleet may use. */
export interface FleetPool {
  readonly reference: Parameters;
  readonly override: Parameters;
  readonly order: LaunchOrder;
}

export interface FleetFailure {
  readonly reference: Parameters;
  readonly override: Parameters;
  readonly code: string;
  readonly message: string;
}

/** How many machines a fleet wants, and whether they are spot. */
export interface FleetTarget {
  readonly total: number;
  readonly spot: boolean;
  readonly least: number;
}

/** Errors: InvalidParameterValue for anything but an instant fleet. */
export function readTarget(parameters: Parameters): FleetTarget {
  if (parameters.choice('Type', ['instant', 'request', 'maintain']) !== 'instant') {
    throw new ApiError('UnsupportedOperation', 'The rehearsal cloud has fleets of type instant only.');
  }
  const target = parameters.group('TargetCapacitySpecification');
  const total = target.requiredInteger('TotalTargetCapacity', 1, 10_000);
  const kind = target.choice('DefaultTargetCapacityType', ['spot', 'on-demand']) ?? 'on-demand';
  const spotOptions = parameters.group('SpotOptions');
  return { total, spot: kind === 'spot', least: spotOptions.integer('MinTargetCapacity', 0, total) ?? 0 };
}

/**
 * The pools of a fleet in the order of preference, cheapest first, and those that cannot be used at all. A pool
 * that is not possible is no error of the request: it is reported beside the machines that were launched.
 */
export function readPools(
  state: CloudState,
  call: Call,
  spot: boolean,
): { readonly pools: readonly FleetPool[]; readonly failures: readonly FleetFailure[] } {
  const { cloud, region, parameters } = call;
  const configurations = parameters.groups('LaunchTemplateConfigs');
  if (configurations.length === 0) {
    throw new ApiError('MissingParameter', 'The request must contain the parameter LaunchTemplateConfigs');
  }
  const pools: FleetPool[] = [];
  const failures: FleetFailure[] = [];
  for (const configuration of configurations) {
    const reference = configuration.group('LaunchTemplateSpecification');
    const template = findTemplateData(state, region, reference);
    const overrides = configuration.groups('Overrides');
    for (const override of overrides.length > 0 ? overrides : [configuration.group('Overrides')]) {
      try {
        const order = resolveOrder(state, region, overriddenRequest(template, override, parameters, spot), 0);
        checkPrice(order, cloud.market, cloud.now());
        pools.push({ reference, override, order });
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        const code = error.code === 'InvalidParameterValue' ? 'InvalidFleetConfiguration' : error.code;
        failures.push({ reference, override, code, message: error.message });
      }
    }
  }
  const price = ({ order }: FleetPool) =>
    spot
      ? cloud.market.priceAt({ type: order.type.name, zone: order.subnet.zone }, cloud.now())
      : order.type.onDemandPrice;
  return { pools: pools.sort((one, other) => price(one) - price(other)), failures };
}

/** A template's launch with an override's type and place, and the tags that the fleet gives its machines. */
function overriddenRequest(template: Parameters, override: Parameters, fleet: Parameters, spot: boolean) {
  const request = readLaunchRequest(template, machineTags(fleet));
  const maxPrice = readPrice(override.text('MaxPrice') ?? fleet.group('SpotOptions').text('MaxTotalPrice'));
  return {
    ...request,
    instanceType: override.text('InstanceType') ?? request.instanceType,
    imageId: override.text('ImageId') ?? request.imageId,
    subnetId: override.text('SubnetId') ?? request.subnetId,
    zone:
      override.text('AvailabilityZone') ??
      override.group('Placement').text('AvailabilityZone') ??
      request.zone,
    spot: spot ? { maxPrice } : undefined,
  };
}

/** An instant fleet can tag its machines and volumes; the tags of type `fleet` are its own. */
function machineTags(fleet: Parameters): Parameters {
  const entries = fleet
    .groups('TagSpecification')
    .flatMap((specification, index) =>
      specification.text('ResourceType') === 'fleet'
        ? []
        : specification
            .entries()
            .map(([name, value]) => [`TagSpecification.${index + 1}.${name}`, value] as const),
    );
  return Parameters.parse(entries);
}
