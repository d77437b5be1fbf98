import {
  CreateFleetCommand,
  type CreateFleetCommandInput,
  DeleteFleetsCommand,
  DescribeFleetsCommand,
  type FleetLaunchTemplateOverridesRequest,
} from '@aws-sdk/client-ec2';
import { describe, expect, test } from 'vitest';
import { defaultSubnets } from '../../src/rehearsal/world/network.ts';
import { createTemplate, imageFor, instancesOf } from './launching.ts';
import { expectRefusal, freshName, paperCloud, region } from './open-cloud.ts';

const cloud = paperCloud();
const everywhere = defaultSubnets(region).map((subnet) => ({
  InstanceType: 't3.micro' as const,
  SubnetId: subnet.id,
}));

async function createFleet(
  total: number,
  overrides: FleetLaunchTemplateOverridesRequest[] = everywhere,
  changes: Partial<CreateFleetCommandInput> = {},
) {
  const template = await createTemplate(cloud.ec2(), { ImageId: imageFor() });
  return cloud.ec2().send(
    new CreateFleetCommand({
      Type: 'instant',
      LaunchTemplateConfigs: [
        {
          LaunchTemplateSpecification: { LaunchTemplateId: template, Version: '$Latest' },
          Overrides: overrides,
        },
      ],
      TargetCapacitySpecification: { TotalTargetCapacity: total, DefaultTargetCapacityType: 'spot' },
      SpotOptions: { AllocationStrategy: 'price-capacity-optimized' },
      ...changes,
    }),
  );
}

describe('an instant fleet', () => {
  test('launches all it was asked for, tagged', async () => {
    const name = freshName('fleet');
    const answer = await createFleet(5, everywhere, {
      TagSpecifications: [
        { ResourceType: 'instance', Tags: [{ Key: 'fleet', Value: name }] },
        { ResourceType: 'fleet', Tags: [{ Key: 'own', Value: 'tag' }] },
      ],
    });
    expect(answer.Errors).toEqual([]);
    const ids = answer.Instances?.flatMap((set) => set.InstanceIds ?? []) ?? [];
    const tagged = await instancesOf(cloud.ec2(), { Filters: [{ Name: 'tag:fleet', Values: [name] }] });
    expect(tagged.map((instance) => instance.InstanceId).sort()).toEqual(ids.sort());
    expect(ids).toHaveLength(5);
    expect(new Set(tagged.map((instance) => instance.InstanceLifecycle))).toEqual(new Set(['spot']));
  });

  test('answers with machines and errors side by side', async () => {
    const [first, second] = everywhere;
    const answer = await createFleet(1, [
      { ...first, InstanceType: 't4g.micro' },
      { ...second, MaxPrice: '0.001' },
      { ...second },
    ]);
    expect(answer.Errors?.map((error) => error.ErrorCode)).toEqual([
      'InvalidFleetConfiguration',
      'SpotMaxPriceTooLow',
    ]);
    expect(answer.Instances?.[0]?.LaunchTemplateAndOverrides?.Overrides?.SubnetId).toBe(second?.SubnetId);
    expect(answer.Instances?.[0]?.InstanceIds).toHaveLength(1);
  });

  test('that can use no pool launches nothing and says why for each', async () => {
    const answer = await createFleet(
      2,
      everywhere.map((override) => ({ ...override, InstanceType: 't4g.micro' })),
    );
    expect(answer.Instances).toEqual([]);
    expect(answer.Errors).toHaveLength(3);
  });

  test('goes to the cheapest pool', async () => {
    const [subnet] = everywhere;
    const answer = await createFleet(1, [
      { ...subnet, InstanceType: 'm5.xlarge' },
      { ...subnet, InstanceType: 't3.nano' },
    ]);
    expect(answer.Instances?.[0]?.InstanceType).toBe('t3.nano');
  });

  test('with the same token is made once', async () => {
    const template = await createTemplate(cloud.ec2(), { ImageId: imageFor() });
    const request = {
      ClientToken: freshName('token'),
      LaunchTemplateConfigs: [
        { LaunchTemplateSpecification: { LaunchTemplateId: template, Version: '1' }, Overrides: everywhere },
      ],
    };
    const first = await createFleet(3, everywhere, request);
    const second = await createFleet(3, everywhere, request);
    expect(second.FleetId).toBe(first.FleetId);
    expect(second.Instances?.flatMap((set) => set.InstanceIds ?? []).sort()).toEqual(
      first.Instances?.flatMap((set) => set.InstanceIds ?? []).sort(),
    );
    await expectRefusal(createFleet(4, everywhere, request), 'IdempotentParameterMismatch');
  });

  test('is deleted with its machines', async () => {
    const fleet = await createFleet(2);
    const ids = [fleet.FleetId ?? ''];
    const shown = await cloud.ec2().send(new DescribeFleetsCommand({ FleetIds: ids }));
    expect(shown.Fleets?.[0]?.FleetState).toBe('active');
    await expectRefusal(
      cloud.ec2().send(new DeleteFleetsCommand({ FleetIds: ids, TerminateInstances: false })),
      'InvalidParameterCombination',
    );
    const deleted = await cloud
      .ec2()
      .send(new DeleteFleetsCommand({ FleetIds: [...ids, 'fleet-none'], TerminateInstances: true }));
    expect(deleted.SuccessfulFleetDeletions?.map((each) => each.FleetId)).toEqual(ids);
    expect(deleted.UnsuccessfulFleetDeletions?.[0]?.Error?.Code).toBe('fleetIdDoesNotExist');
    const machines = await instancesOf(cloud.ec2(), {
      InstanceIds: fleet.Instances?.flatMap((set) => set.InstanceIds ?? []) ?? [],
    });
    expect(machines.map((instance) => instance.State?.Name)).toEqual(['terminated', 'terminated']);
  });

  test('is the only type there is', async () => {
    await expectRefusal(createFleet(1, everywhere, { Type: 'maintain' }), 'UnsupportedOperation');
  });

  test('without a template is refused', async () => {
    await expectRefusal(createFleet(1, everywhere, { LaunchTemplateConfigs: [] }), 'MissingParameter');
  });
});
