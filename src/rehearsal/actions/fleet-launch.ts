import { ownIdentity } from '../../state/process-identity.ts';
import { type Actions, type Call, tagging } from '../api/action.ts';
import { remember, repeated } from '../api/client-token.ts';
import type { Parameters } from '../api/parameters.ts';
import { tagsFor } from '../api/tag-specifications.ts';
import type { XmlObject } from '../api/xml.ts';
import { type FleetFailure, type FleetPool, readPools, readTarget } from '../launch/fleet-request.ts';
import { startMachines } from '../launch/launch-machines.ts';
import { reserve } from '../launch/reserve.ts';
import type { MachineLaunch } from '../machines/machine-host.ts';
import { type CloudState, emptyState } from '../store/cloud-state.ts';
import { freshFleetId } from '../world/identifiers.ts';
import { runningIn } from './instance-launch.ts';

/** A fleet's single attempt goes to three pools; what it could not place there it does not place. */
const poolsTried = 3;
const taggable = ['fleet', 'instance', 'volume', 'network-interface', 'spot-instances-request'];

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateFleet.html */
export const fleetLaunchActions: Actions = {
  CreateFleet: {
    parameters: [
      'ClientToken',
      'DryRun',
      'Type',
      'ExcessCapacityTerminationPolicy',
      'TerminateInstancesWithExpiration',
      'ReplaceUnhealthyInstances',
      'SpotOptions.AllocationStrategy',
      'SpotOptions.InstanceInterruptionBehavior',
      'SpotOptions.InstancePoolsToUseCount',
      'SpotOptions.SingleInstanceType',
      'SpotOptions.SingleAvailabilityZone',
      'SpotOptions.MinTargetCapacity',
      'SpotOptions.MaxTotalPrice',
      'OnDemandOptions.AllocationStrategy',
      'TargetCapacitySpecification.TotalTargetCapacity',
      'TargetCapacitySpecification.OnDemandTargetCapacity',
      'TargetCapacitySpecification.SpotTargetCapacity',
      'TargetCapacitySpecification.DefaultTargetCapacityType',
      'LaunchTemplateConfigs.N.LaunchTemplateSpecification.LaunchTemplateId',
      'LaunchTemplateConfigs.N.LaunchTemplateSpecification.LaunchTemplateName',
      'LaunchTemplateConfigs.N.LaunchTemplateSpecification.Version',
      'LaunchTemplateConfigs.N.Overrides.N.InstanceType',
      'LaunchTemplateConfigs.N.Overrides.N.SubnetId',
      'LaunchTemplateConfigs.N.Overrides.N.AvailabilityZone',
      'LaunchTemplateConfigs.N.Overrides.N.Placement.AvailabilityZone',
      'LaunchTemplateConfigs.N.Overrides.N.MaxPrice',
      'LaunchTemplateConfigs.N.Overrides.N.ImageId',
      'LaunchTemplateConfigs.N.Overrides.N.Priority',
      ...tagging,
    ],
    handle: createFleet,
  },
};

interface Placement {
  readonly pool: FleetPool;
  readonly launches: readonly MachineLaunch[];
}

async function createFleet(call: Call): Promise<XmlObject> {
  const { cloud, region, parameters } = call;
  const target = readTarget(parameters);
  const tags = tagsFor(parameters, 'fleet', taggable);
  const launcher = ownIdentity();
  const now = cloud.now();
  const made = await cloud.store.update(async (state) => {
    const earlier = repeated(state, call);
    if (earlier !== undefined) return undefined;
    const { pools, failures } = readPools(state, call, target.spot);
    const fleetId = freshFleetId();
    const errors: FleetFailure[] = [...failures];
    const placements: Placement[] = [];
    const shares = share(state, call, pools, target.total);
    const placed = shares.reduce((sum, { count }) => sum + count, 0);
    if (placed < target.total) errors.push(...shortage(shares, pools));
    if (placed >= target.least) {
      for (const { pool, count } of shares) {
        if (count === 0) continue;
        const order = { ...pool.order, count };
        const clientToken = parameters.text('ClientToken');
        placements.push({
          pool,
          launches: await reserve(state, order, { clientToken, fleetId, launcher, now }),
        });
      }
    }
    const instanceIds = placements.flatMap(({ launches }) => launches.map(({ instance }) => instance.id));
    state.fleets[fleetId] = {
      id: fleetId,
      region,
      instanceIds,
      createdAt: now.toISOString(),
      targetCapacity: target.total,
      state: 'active',
    };
    if (Object.keys(tags).length > 0) state.tags[fleetId] = { ...tags };
    remember(state, call, [fleetId, ...instanceIds]);
    return { fleetId, errors, placements };
  });
  if (made === undefined) return repeatedAnswer(call);
  await startMachines(
    cloud,
    made.placements.flatMap(({ launches }) => launches),
  );
  const lifecycle = target.spot ? 'spot' : 'on-demand';
  return {
    fleetId: made.fleetId,
    errorSet: made.errors.map(({ reference, override, code, message }) => ({
      launchTemplateAndOverrides: templateAndOverrides(reference, override),
      lifecycle,
      errorCode: code,
      errorMessage: message,
    })),
    fleetInstanceSet: made.placements.map(({ pool, launches }) => ({
      launchTemplateAndOverrides: templateAndOverrides(pool.reference, pool.override),
      lifecycle,
      instanceIds: launches.map(({ instance }) => instance.id),
      instanceType: pool.order.type.name,
    })),
  };
}

/** How many machines each of the pools that are tried gets: as many as it has room for, in their order. */
function share(
  state: CloudState,
  { cloud }: Call,
  pools: readonly FleetPool[],
  total: number,
): readonly { readonly pool: FleetPool; readonly count: number }[] {
  let missing = total;
  return pools.slice(0, poolsTried).map((pool) => {
    const place = { type: pool.order.type.name, zone: pool.order.subnet.zone };
    const running = runningIn(Object.values(state.instances), place);
    const count = Math.min(missing, Math.max(0, cloud.market.room(place, running, cloud.now())));
    missing -= count;
    return { pool, count };
  });
}

function shortage(
  shares: readonly { readonly pool: FleetPool }[],
  pools: readonly FleetPool[],
): readonly FleetFailure[] {
  const tried = shares.map(({ pool }) => ({
    reference: pool.reference,
    override: pool.override,
    code: 'InsufficientInstanceCapacity',
    message: 'There is no Spot capacity available that matches your request.',
  }));
  const others = pools.slice(poolsTried).map(({ reference, override }) => ({
    reference,
    override,
    code: 'UnfulfillableCapacity',
    message:
      'Unable to fulfill capacity due to your request configuration. Please adjust your request and try again.',
  }));
  return [...tried, ...others];
}

/** The same fleet once more; what it could not place the first time is not told twice. */
async function repeatedAnswer(call: Call): Promise<XmlObject> {
  const state = (await call.cloud.store.read()) ?? emptyState();
  const [fleetId = '', ...instanceIds] = repeated(state, call) ?? [];
  return {
    fleetId,
    errorSet: [],
    fleetInstanceSet: instanceIds.flatMap((id) => {
      const instance = state.instances[id];
      if (instance === undefined) return [];
      const overrides = {
        instanceType: instance.type,
        subnetId: instance.subnetId,
        availabilityZone: instance.zone,
      };
      const lifecycle = instance.spot === undefined ? 'on-demand' : 'spot';
      return [
        {
          launchTemplateAndOverrides: { overrides },
          lifecycle,
          instanceIds: [id],
          instanceType: instance.type,
        },
      ];
    }),
  };
}

function templateAndOverrides(reference: Parameters, override: Parameters): XmlObject {
  return {
    launchTemplateSpecification: {
      launchTemplateId: reference.text('LaunchTemplateId'),
      launchTemplateName: reference.text('LaunchTemplateName'),
      version: reference.text('Version'),
    },
    overrides: {
      instanceType: override.text('InstanceType'),
      subnetId: override.text('SubnetId'),
      availabilityZone: override.text('AvailabilityZone'),
      maxPrice: override.text('MaxPrice'),
      imageId: override.text('ImageId'),
    },
  };
}
