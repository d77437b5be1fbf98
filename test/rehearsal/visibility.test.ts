import { TerminateInstancesCommand } from '@aws-sdk/client-ec2';
import { describe, expect, test } from 'vitest';
import { instancesOf, run } from './launching.ts';
import { expectRefusal, paperCloud } from './open-cloud.ts';

let now = new Date('2026-01-02T03:04:05Z');
const cloud = paperCloud({ visibleAfterMs: 250, now: () => now });

function pass(milliseconds: number): void {
  now = new Date(now.getTime() + milliseconds);
}

describe('a machine', () => {
  test('is not visible at once', async () => {
    const [launched] = await run(cloud.ec2());
    const id = launched?.InstanceId ?? '';
    await expectRefusal(instancesOf(cloud.ec2(), { InstanceIds: [id] }), 'InvalidInstanceID.NotFound');
    expect(await instancesOf(cloud.ec2(), {})).toEqual([]);
    pass(250);
    expect(await instancesOf(cloud.ec2(), { InstanceIds: [id] })).toHaveLength(1);
  });

  test('that was terminated is shown for an hour', async () => {
    const [launched] = await run(cloud.ec2());
    const ids = [launched?.InstanceId ?? ''];
    pass(1000);
    await cloud.ec2().send(new TerminateInstancesCommand({ InstanceIds: ids }));
    pass(59 * 60_000);
    expect((await instancesOf(cloud.ec2(), { InstanceIds: ids }))[0]?.State?.Name).toBe('terminated');
    pass(2 * 60_000);
    await expectRefusal(instancesOf(cloud.ec2(), { InstanceIds: ids }), 'InvalidInstanceID.NotFound');
  });
});
