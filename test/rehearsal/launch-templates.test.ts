import {
  CreateLaunchTemplateCommand,
  DeleteLaunchTemplateCommand,
  DescribeLaunchTemplatesCommand,
  DescribeLaunchTemplateVersionsCommand,
} from '@aws-sdk/client-ec2';
import { describe, expect, test } from 'vitest';
import { createTemplate, imageFor, instancesOf, run } from './launching.ts';
import { expectRefusal, freshName, paperCloud } from './open-cloud.ts';

const cloud = paperCloud();

describe('a launch template', () => {
  test('gives back what was put in', async () => {
    const id = await createTemplate(cloud.ec2(), {
      ImageId: imageFor(),
      InstanceType: 't3.micro',
      UserData: 'aGVsbG8=',
      MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 2 },
      BlockDeviceMappings: [
        { DeviceName: '/dev/xvda', Ebs: { VolumeSize: 20, VolumeType: 'gp3', Encrypted: true } },
      ],
      TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'a', Value: 'b' }] }],
    });
    const answer = await cloud
      .ec2()
      .send(new DescribeLaunchTemplateVersionsCommand({ LaunchTemplateId: id, Versions: ['$Latest'] }));
    expect(answer.LaunchTemplateVersions).toMatchObject([
      {
        VersionNumber: 1,
        DefaultVersion: true,
        LaunchTemplateData: {
          ImageId: imageFor(),
          UserData: 'aGVsbG8=',
          MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 2 },
          BlockDeviceMappings: [{ Ebs: { VolumeSize: 20, Encrypted: true } }],
          TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'a', Value: 'b' }] }],
        },
      },
    ]);
  });

  test('launches what it says, unless the request says otherwise', async () => {
    const id = await createTemplate(cloud.ec2(), {
      ImageId: imageFor('arm64'),
      InstanceType: 't4g.small',
      MetadataOptions: { HttpTokens: 'required' },
      TagSpecifications: [
        {
          ResourceType: 'instance',
          Tags: [
            { Key: 'from', Value: 'template' },
            { Key: 'a', Value: 'b' },
          ],
        },
      ],
    });
    const [launched] = await run(cloud.ec2(), {
      LaunchTemplate: { LaunchTemplateId: id },
      ImageId: undefined,
      InstanceType: 't4g.micro',
      TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'from', Value: 'request' }] }],
    });
    const [instance] = await instancesOf(cloud.ec2(), { InstanceIds: [launched?.InstanceId ?? ''] });
    expect(instance).toMatchObject({
      ImageId: imageFor('arm64'),
      InstanceType: 't4g.micro',
      MetadataOptions: { HttpTokens: 'required' },
      Tags: [
        { Key: 'from', Value: 'request' },
        { Key: 'a', Value: 'b' },
      ],
    });
  });

  test('is found by name and goes', async () => {
    const name = freshName('template');
    const data = { InstanceType: 't3.micro' as const };
    const create = () =>
      cloud
        .ec2()
        .send(new CreateLaunchTemplateCommand({ LaunchTemplateName: name, LaunchTemplateData: data }));
    await create();
    await expectRefusal(create(), 'InvalidLaunchTemplateName.AlreadyExistsException');
    const shown = await cloud.ec2().send(new DescribeLaunchTemplatesCommand({ LaunchTemplateNames: [name] }));
    expect(shown.LaunchTemplates?.map((template) => template.LaunchTemplateName)).toEqual([name]);
    await cloud.ec2().send(new DeleteLaunchTemplateCommand({ LaunchTemplateName: name }));
    await expectRefusal(
      cloud.ec2().send(new DeleteLaunchTemplateCommand({ LaunchTemplateName: name })),
      'InvalidLaunchTemplateName.NotFoundException',
    );
  });

  test('that does not exist is told apart from one that cannot', async () => {
    const describeIt = (id: string) =>
      cloud.ec2().send(new DescribeLaunchTemplatesCommand({ LaunchTemplateIds: [id] }));
    await expectRefusal(describeIt('lt-0123456789abcdef0'), 'InvalidLaunchTemplateId.NotFound');
    await expectRefusal(describeIt('template'), 'InvalidLaunchTemplateId.Malformed');
  });

  test('has only the versions it has', async () => {
    const id = await createTemplate(cloud.ec2(), { InstanceType: 't3.micro' });
    await expectRefusal(
      run(cloud.ec2(), { LaunchTemplate: { LaunchTemplateId: id, Version: '7' } }),
      'InvalidLaunchTemplateId.VersionNotFound',
    );
  });

  test.each([
    ['an unknown parameter', { RamDiskId: 'ari-1' }, 'UnknownParameter'],
    ['user data that is no base64', { UserData: '#!/bin/sh' }, 'InvalidUserData.Malformed'],
    [
      'user data over 16,384 bytes',
      { UserData: Buffer.alloc(16_385).toString('base64') },
      'InvalidParameterValue',
    ],
    ['nothing', {}, 'MissingParameter'],
  ])('with %s is refused', async (_, data, code) => {
    await expectRefusal(createTemplate(cloud.ec2(), data), code);
  });
});
