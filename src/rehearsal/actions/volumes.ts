import { type Actions, listing } from '../api/action.ts';
import { filtered } from '../api/filters.ts';
import { page } from '../api/pages.ts';
import { named } from '../api/selection.ts';
import { tagSet } from '../api/tag-specifications.ts';
import { currentState } from '../machines/settle.ts';
import { findImage } from '../world/images.ts';

/** A machine's root volume lives and ends with it. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeVolumes.html */
export const volumeActions: Actions = {
  DescribeVolumes: {
    parameters: ['VolumeId.N', ...listing],
    handle: async ({ cloud, region, parameters }) => {
      const state = await currentState(cloud, region);
      const volumes = Object.values(state.instances)
        .filter((instance) => instance.region === region && instance.state !== 'terminated')
        .map((instance) => ({ id: instance.volumeId, instance }));
      const shown = filtered(
        parameters,
        named(volumes, parameters.texts('VolumeId'), 'InvalidVolume.NotFound', 'volume'),
        {
          'attachment.instance-id': ({ instance }) => [instance.id],
          'attachment.status': () => ['attached'],
          'availability-zone': ({ instance }) => [instance.zone],
          encrypted: ({ instance }) => [String(instance.volumeEncrypted)],
          size: ({ instance }) => [String(instance.volumeGiB)],
          status: () => ['in-use'],
          'volume-id': ({ id }) => [id],
          'volume-type': ({ instance }) => [instance.volumeType],
        },
        ({ id }) => state.tags[id] ?? {},
      );
      const { things, nextToken } = page(parameters, shown, ({ id }) => id);
      return {
        volumeSet: things.map(({ id, instance }) => ({
          volumeId: id,
          size: instance.volumeGiB,
          snapshotId: '',
          availabilityZone: instance.zone,
          status: 'in-use',
          createTime: instance.launchedAt,
          attachmentSet: [
            {
              volumeId: id,
              instanceId: instance.id,
              device: findImage(region, instance.imageId)?.rootDevice,
              status: 'attached',
              attachTime: instance.launchedAt,
              deleteOnTermination: true,
            },
          ],
          tagSet: tagSet(state.tags[id]),
          volumeType: instance.volumeType,
          encrypted: instance.volumeEncrypted,
          multiAttachEnabled: false,
        })),
        nextToken,
      };
    },
  },
};
