import { type Actions, type Call, listing } from '../api/action.ts';
import { ApiError } from '../api/api-error.ts';
import { filtered } from '../api/filters.ts';
import { page } from '../api/pages.ts';
import { tagSet } from '../api/tag-specifications.ts';
import type { XmlObject } from '../api/xml.ts';
import { emptyState } from '../store/cloud-state.ts';

/**
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeFleets.html
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteFleets.html
 */
export const fleetActions: Actions = {
  DescribeFleets: { parameters: ['FleetId.N', ...listing], handle: describeFleets },
  DeleteFleets: { parameters: ['FleetId.N', 'TerminateInstances', 'DryRun'], handle: deleteFleets },
};

async function describeFleets({ cloud, region, parameters }: Call): Promise<XmlObject> {
  const state = (await cloud.store.read()) ?? emptyState();
  const ids = parameters.texts('FleetId');
  const fleets = Object.values(state.fleets).filter(
    // An instant fleet is shown only to who names it.
    (fleet) => fleet.region === region && ids.includes(fleet.id),
  );
  const shown = filtered(parameters, fleets, {
    'fleet-state': (fleet) => [fleet.state],
    type: () => ['instant'],
  });
  const { things, nextToken } = page(parameters, shown, (fleet) => fleet.id, { least: 1 });
  return {
    fleetSet: things.map((fleet) => ({
      fleetId: fleet.id,
      fleetState: fleet.state,
      createTime: fleet.createdAt,
      type: 'instant',
      targetCapacitySpecification: { totalTargetCapacity: fleet.targetCapacity },
      fleetInstanceSet: [{ instanceIds: fleet.instanceIds }],
      tagSet: tagSet(state.tags[fleet.id]),
    })),
    nextToken,
  };
}

async function deleteFleets({ cloud, region, parameters }: Call): Promise<XmlObject> {
  const ids = parameters.texts('FleetId');
  if (ids.length === 0)
    throw new ApiError('MissingParameter', 'The request must contain the parameter FleetId');
  if (parameters.flag('TerminateInstances') !== true) {
    throw new ApiError(
      'InvalidParameterCombination',
      'Deleting an instant fleet terminates its instances: TerminateInstances must be true.',
    );
  }
  const fleets = await cloud.store.update((state) =>
    ids.map((id) => {
      const fleet = state.fleets[id];
      if (fleet === undefined || fleet.region !== region) return { id, fleet: undefined };
      const before = fleet.state;
      fleet.state = 'deleted_terminating';
      for (const instanceId of fleet.instanceIds) {
        const instance = state.instances[instanceId];
        if (instance !== undefined && instance.state !== 'terminated') instance.state = 'shutting-down';
      }
      return { id, fleet: { ...fleet, before } };
    }),
  );
  const known = fleets.flatMap(({ fleet }) => fleet ?? []);
  await cloud.host.remove(known.flatMap((fleet) => fleet.instanceIds));
  return {
    successfulFleetDeletionSet: known.map((fleet) => ({
      fleetId: fleet.id,
      currentFleetState: fleet.state,
      previousFleetState: fleet.before,
    })),
    unsuccessfulFleetDeletionSet: fleets
      .filter(({ fleet }) => fleet === undefined)
      .map(({ id }) => ({
        fleetId: id,
        error: { code: 'fleetIdDoesNotExist', message: `The fleet ID '${id}' does not exist` },
      })),
  };
}
