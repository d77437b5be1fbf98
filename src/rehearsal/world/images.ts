import { stableId } from './identifiers.ts';
import type { Architecture } from './instance-types.ts';

export interface Image {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly ownerId: string;
  readonly ownerAlias: string | undefined;
  readonly architecture: Architecture;
  readonly rootDevice: string;
  readonly createdAt: string;
  /** The SSM public parameters that name it. */
  readonly parameters: readonly string[];
}

const architectures: readonly Architecture[] = ['x86_64', 'arm64'];

/**
 * The public images of a region. Whatever image is chosen, a machine boots the one root file system that the
 * rehearsal cloud has; images differ in id, owner and architecture, which is what can go wrong at a launch.
 */
export function imagesOf(region: string): readonly Image[] {
  return architectures.flatMap((architecture) => {
    const arch = architecture === 'x86_64' ? 'amd64' : 'arm64';
    return [
      ubuntu(region, architecture, arch, '22.04', 'jammy', 'gp2'),
      ubuntu(region, architecture, arch, '24.04', 'noble', 'gp3'),
      debian(region, architecture, arch),
      amazonLinux(region, architecture),
    ];
  });
}

/** The image of an id; undefined when the region has none. */
export function findImage(region: string, id: string): Image | undefined {
  return imagesOf(region).find((image) => image.id === id);
}

/** https://documentation.ubuntu.com/aws/aws-how-to/instances/find-ubuntu-images/ */
function ubuntu(
  region: string,
  architecture: Architecture,
  arch: string,
  version: string,
  codename: string,
  disk: 'gp2' | 'gp3',
): Image {
  const store = disk === 'gp3' ? 'hvm-ssd-gp3' : 'hvm-ssd';
  const name = `ubuntu/images/${store}/ubuntu-${codename}-${version}-${arch}-server-20260801`;
  return {
    id: stableId('ami', region, name),
    name,
    description: `Canonical, Ubuntu, ${version} LTS, ${arch} ${codename} image`,
    ownerId: '099720109477',
    ownerAlias: undefined,
    architecture,
    rootDevice: '/dev/sda1',
    createdAt: '2026-08-01T04:05:06.000Z',
    parameters: [
      `/aws/service/canonical/ubuntu/server/${version}/stable/current/${arch}/hvm/ebs-${disk}/ami-id`,
    ],
  };
}

/** https://wiki.debian.org/Cloud/AmazonEC2Image/Bookworm */
function debian(region: string, architecture: Architecture, arch: string): Image {
  const name = `debian-12-${arch}-20260801-2191`;
  return {
    id: stableId('ami', region, name),
    name,
    description: `Debian 12 (20260801-2191)`,
    ownerId: '136693071363',
    ownerAlias: undefined,
    architecture,
    rootDevice: '/dev/xvda',
    createdAt: '2026-08-01T06:07:08.000Z',
    parameters: [`/aws/service/debian/release/12/latest/${arch}`],
  };
}

/** https://docs.aws.amazon.com/linux/al2023/ug/ec2.html */
function amazonLinux(region: string, architecture: Architecture): Image {
  const name = `al2023-ami-2023.8.20260801.0-kernel-6.1-${architecture}`;
  return {
    id: stableId('ami', region, name),
    name,
    description: `Amazon Linux 2023 AMI 2023.8.20260801.0 ${architecture} HVM kernel-6.1`,
    ownerId: '137112412989',
    ownerAlias: 'amazon',
    architecture,
    rootDevice: '/dev/xvda',
    createdAt: '2026-08-01T08:09:10.000Z',
    parameters: [`/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-${architecture}`],
  };
}
