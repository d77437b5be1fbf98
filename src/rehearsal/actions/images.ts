import { type Actions, listing } from '../api/action.ts';
import { filtered } from '../api/filters.ts';
import { page } from '../api/pages.ts';
import { requireImage } from '../launch/launch-order.ts';
import { emptyState } from '../store/cloud-state.ts';
import { imagesOf } from '../world/images.ts';

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeImages.html */
export const imageActions: Actions = {
  DescribeImages: {
    parameters: [
      'ImageId.N',
      'Owner.N',
      'ExecutableBy.N',
      'IncludeDeprecated',
      'IncludeDisabled',
      ...listing,
    ],
    handle: async ({ cloud, region, parameters }) => {
      const state = (await cloud.store.read()) ?? emptyState();
      const ids = parameters.texts('ImageId');
      const owners = parameters.texts('Owner');
      const chosen = ids.length > 0 ? ids.map((id) => requireImage(region, id)) : imagesOf(region);
      const owned = chosen.filter(
        (image) =>
          owners.length === 0 || owners.includes(image.ownerId) || owners.includes(image.ownerAlias ?? ''),
      );
      const shown = filtered(
        parameters,
        owned,
        {
          architecture: (image) => [image.architecture],
          'creation-date': (image) => [image.createdAt],
          description: (image) => [image.description],
          'image-id': (image) => [image.id],
          'image-type': () => ['machine'],
          'is-public': () => ['true'],
          name: (image) => [image.name],
          'owner-alias': (image) => [image.ownerAlias],
          'owner-id': (image) => [image.ownerId],
          'root-device-type': () => ['ebs'],
          state: () => ['available'],
          'virtualization-type': () => ['hvm'],
        },
        (image) => state.tags[image.id] ?? {},
      );
      const { things, nextToken } = page(parameters, shown, (image) => image.id, { least: 1 });
      return {
        imagesSet: things.map((image) => ({
          imageId: image.id,
          imageLocation: `${image.ownerAlias ?? image.ownerId}/${image.name}`,
          imageState: 'available',
          imageOwnerId: image.ownerId,
          creationDate: image.createdAt,
          isPublic: true,
          architecture: image.architecture,
          imageType: 'machine',
          imageOwnerAlias: image.ownerAlias,
          name: image.name,
          description: image.description,
          rootDeviceType: 'ebs',
          rootDeviceName: image.rootDevice,
          blockDeviceMapping: [
            {
              deviceName: image.rootDevice,
              ebs: { volumeSize: 8, volumeType: 'gp3', deleteOnTermination: true, encrypted: false },
            },
          ],
          virtualizationType: 'hvm',
          hypervisor: 'xen',
          enaSupport: true,
        })),
        nextToken,
      };
    },
  },
};
