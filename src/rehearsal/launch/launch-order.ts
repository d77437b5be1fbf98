import { ApiError } from '../api/api-error.ts';
import type { CloudState, KeyPair, SecurityGroup } from '../store/cloud-state.ts';
import { findGroup, groupsOf } from '../world/groups.ts';
import { findImage, type Image } from '../world/images.ts';
import { findInstanceType, type InstanceType } from '../world/instance-types.ts';
import type { Market } from '../world/market.ts';
import { defaultSubnets, type Subnet } from '../world/network.ts';
import type { LaunchRequest } from './launch-request.ts';

/** A launch in one pool, with everything it names found and checked. */
export interface LaunchOrder {
  readonly region: string;
  readonly count: number;
  readonly request: LaunchRequest;
  readonly type: InstanceType;
  readonly image: Image;
  readonly subnet: Subnet;
  readonly groups: readonly SecurityGroup[];
  readonly key: KeyPair | undefined;
  /** Set for spot: the highest price to pay. */
  readonly maxPrice: number | undefined;
}

/** Finds what a request names. Errors: those of RunInstances for ids that do not exist and for bad combinations. */
export function resolveOrder(
  state: CloudState,
  region: string,
  request: LaunchRequest,
  count: number,
): LaunchOrder {
  const image = requireImage(region, request.imageId);
  const type = requireType(request.instanceType ?? 'm1.small');
  if (image.architecture !== type.architecture) {
    throw new ApiError(
      'InvalidParameterValue',
      `The architecture '${type.architecture}' of the specified instance type does not match the architecture '${image.architecture}' of the specified AMI. Specify an instance type and an AMI that have matching architectures, and try again.`,
    );
  }
  return {
    region,
    count,
    request,
    type,
    image,
    subnet: chooseSubnet(region, request),
    groups: requireGroups(state, region, request),
    key: requireKey(state, region, request.keyName),
    maxPrice: request.spot === undefined ? undefined : (request.spot.maxPrice ?? type.onDemandPrice),
  };
}

/** Refuses a spot order whose limit is under the pool's price, as AWS does at launch. */
export function checkPrice(order: LaunchOrder, market: Market, now: Date): void {
  if (order.maxPrice === undefined) return;
  const price = market.priceAt({ type: order.type.name, zone: order.subnet.zone }, now);
  if (order.maxPrice < price) {
    throw new ApiError(
      'SpotMaxPriceTooLow',
      `Your Spot request price of ${order.maxPrice} is lower than the minimum required Spot request fulfillment price of ${price}.`,
    );
  }
}

/** The image of an id. Errors: MissingParameter, InvalidAMIID.Malformed, InvalidAMIID.NotFound. */
export function requireImage(region: string, id: string | undefined): Image {
  if (id === undefined)
    throw new ApiError('MissingParameter', 'The request must contain the parameter ImageId');
  if (!/^ami-[0-9a-f]{8,17}$/.test(id))
    throw new ApiError('InvalidAMIID.Malformed', `Invalid id: "${id}" (expecting "ami-...")`);
  const image = findImage(region, id);
  if (image === undefined)
    throw new ApiError('InvalidAMIID.NotFound', `The image id '[${id}]' does not exist`);
  return image;
}

/** The instance type of a name. Errors: InvalidParameterValue. */
export function requireType(name: string): InstanceType {
  const type = findInstanceType(name);
  if (type === undefined)
    throw new ApiError('InvalidParameterValue', `Invalid value '${name}' for InstanceType.`);
  return type;
}

function chooseSubnet(region: string, request: LaunchRequest): Subnet {
  const subnets = defaultSubnets(region);
  if (request.subnetId !== undefined) {
    const subnet = subnets.find((each) => each.id === request.subnetId);
    if (subnet === undefined) {
      throw new ApiError('InvalidSubnetID.NotFound', `The subnet ID '${request.subnetId}' does not exist`);
    }
    return subnet;
  }
  const subnet = request.zone === undefined ? subnets[0] : subnets.find((each) => each.zone === request.zone);
  if (subnet === undefined) {
    throw new ApiError('InvalidParameterValue', `Invalid availability zone: [${request.zone}]`);
  }
  return subnet;
}

function requireGroups(state: CloudState, region: string, request: LaunchRequest): readonly SecurityGroup[] {
  const byId = request.groupIds.map((id) => findGroup(state, region, id));
  const byName = request.groupNames.map((name) => {
    const group = groupsOf(state, region).find((each) => each.name === name);
    if (group === undefined)
      throw new ApiError(
        'InvalidGroup.NotFound',
        `The security group '${name}' does not exist in default VPC`,
      );
    return group;
  });
  const named = [...byId, ...byName];
  return named.length > 0 ? named : groupsOf(state, region).filter((group) => group.name === 'default');
}

function requireKey(state: CloudState, region: string, name: string | undefined): KeyPair | undefined {
  if (name === undefined) return undefined;
  const key = Object.values(state.keyPairs).find((each) => each.region === region && each.name === name);
  if (key === undefined)
    throw new ApiError('InvalidKeyPair.NotFound', `The key pair '${name}' does not exist`);
  return key;
}
