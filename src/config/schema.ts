import { z } from 'zod';
import { deploymentName } from '../project/deployment-name.ts';
import { defaultSettings } from './default-settings.ts';
import { meantRegion } from './known-regions.ts';
import {
  aboutKey,
  alsoAfterIssues,
  duration,
  filePath,
  listOf,
  price,
  storageGb,
  tags,
  text,
  unsupported,
  wholeNumber,
} from './value-schemas.ts';

/** Where the whole project goes, and what runs there; said for the keys of the first tool that named folders. */
const bundleHint = 'Remove it: the whole project folder goes to the machines.';
const setupHint = 'Remove it and do this in deployment/setup.sh.';
/** cloud-init gives the key pair of a launch to the image's default user, which `username` takes the place of. */
const keyPairHint =
  'Remove it: machines get a key of their own, or the one that `private_ssh_key_path` names (and `public_ssh_key_path`).';
const networkHint = 'Remove it: machines get the default VPC and a security group of their own.';

const awsShape = {
  total_instances: wholeNumber(1, 5000).optional(),
  username: text(
    /^(?!root$)[a-z_][a-z0-9_-]{0,31}$/,
    'a Linux user name other than root: small letters, digits, _ and -',
  ).default(defaultSettings.username),
  public_ssh_key_path: filePath.optional(),
  private_ssh_key_path: filePath.optional(),
  instance_storage_gb: storageGb.default(defaultSettings.storageGb),
  spot_price_limit: price.optional(),
  tags: tags.default({ ...defaultSettings.tags }),
  ssh_key_name: unsupported(keyPairHint),
  associate_public_ip: unsupported('Remove it: machines always have a public address.', true),
  use_dedicated_vpc: unsupported(networkHint, false),
  ensure_default_vpc: unsupported(
    'Remove it; where a region has no default VPC, `aws ec2 create-default-vpc` makes one.',
    false,
  ),
  files_directory: unsupported(bundleHint),
  scripts_directory: unsupported(bundleHint),
  cloud_init_template: unsupported(setupHint),
  startup_script: unsupported(setupHint),
  additional_commands_script: unsupported(setupHint),
  docker_compose_template: unsupported(setupHint),
  bacalhau_config_template: unsupported(setupHint),
  bacalhau_data_dir: unsupported(setupHint),
  bacalhau_node_dir: unsupported(setupHint),
  security_group_name: unsupported(networkHint),
  security_groups: unsupported(networkHint),
  iam_instance_profile: unsupported('Remove it: machines run without an IAM role.'),
  vpc_id: unsupported(networkHint),
  subnet_id: unsupported(networkHint),
  vpc_tag_name: unsupported(networkHint),
};

const [{ machineType, image }] = defaultSettings.regions;

const regionShape = {
  machine_type: text(/^[a-z][a-z0-9-]*\.[a-z0-9-]+$/, 'an instance type such as t3.medium').default(
    machineType,
  ),
  image: text(/^(auto|ami-[0-9a-f]{8,17})$/, 'auto or an image id such as ami-0123456789abcdef0').default(
    image,
  ),
  instances_per_region: wholeNumber(1, 5000).optional(),
  spot_price_limit: price.optional(),
  instance_storage_gb: storageGb.optional(),
  tags: tags.default({}),
};

const cidrBlocks = 'auto or a list of CIDR blocks such as 203.0.113.0/24';

const sshShape = {
  allow: z
    .union([z.literal('auto'), z.array(z.union([z.cidrv4(), z.cidrv6()])).min(1, cidrBlocks)], cidrBlocks)
    .default('auto'),
};

const oneRegion = z
  .record(z.string(), section(regionShape), 'a map such as `us-west-2: {machine_type: t3.medium}`')
  .superRefine((map, context) => {
    if (!isMap(map)) return;
    const names = Object.keys(map);
    if (names.length !== 1) context.addIssue({ code: 'custom', message: 'a map with one region' });
    for (const name of names) {
      const meant = meantRegion(name);
      if (meant === undefined) continue;
      const message = `the name of a region such as ${meant}`;
      context.addIssue({ code: 'custom', path: [name], message, params: aboutKey });
    }
  }, alsoAfterIssues);

const rootShape = {
  name: text(
    deploymentName,
    'at most 40 letters, digits, dots, underscores and hyphens, the first a letter or digit',
  ).optional(),
  cloud: z.enum(['aws', 'local'], 'aws or local').default('aws'),
  aws: section(awsShape)
    .superRefine((aws, context) => {
      if (aws.public_ssh_key_path === undefined || aws.private_ssh_key_path !== undefined) return;
      const message = 'accompanied by `private_ssh_key_path`, with which to log in';
      context.addIssue({ code: 'custom', path: ['public_ssh_key_path'], message });
    })
    .prefault({}),
  regions: z
    .array(oneRegion, 'a list of regions such as `- us-west-2: {machine_type: t3.medium}`')
    .superRefine((regions, context) => {
      if (!Array.isArray(regions)) return;
      const names = regions.map((region) => (isMap(region) ? Object.keys(region)[0] : undefined));
      names.forEach((name, index) => {
        if (name === undefined || names.indexOf(name) === index) return;
        context.addIssue({ code: 'custom', path: [index], message: 'a region that is not listed above' });
      });
    }, alsoAfterIssues)
    .default([]),
  ports: listOf(
    wholeNumber(1, 65_535).refine((port) => port !== 22, 'a port other than 22, which is for SSH'),
    'a list of TCP ports such as [8080]',
  ).default([...defaultSettings.ports]),
  ssh: section(sshShape).prefault({}),
  ttl: duration().optional(),
  timeout: duration().default(defaultSettings.timeoutSeconds),
  reboot: z.boolean('true or false').default(defaultSettings.reboot),
  packages: listOf(
    text(/^[a-z0-9][a-z0-9+.-]+(=[A-Za-z0-9.+~:-]+)?$/, 'the name of a Debian package'),
    'a list of Debian packages such as [git, curl]',
  ).default([...defaultSettings.packages]),
  exclude: z
    .array(text(/\S/, 'a pattern such as *.log'), 'a list of patterns such as ["*.log"]')
    .default([...defaultSettings.exclude]),
};

/** `.spot/config.yaml`: the one place where its keys, their values and their defaults are described. */
export const configSchema = section(rootShape);

export type Config = z.output<typeof configSchema>;

const shapes = { '': rootShape, aws: awsShape, ssh: sshShape, regions: regionShape } as const;

/** The keys that may stand in the map at `path`. */
export function keysAt(path: readonly PropertyKey[]): readonly string[] {
  return Object.keys(shapes[(path[0] ?? '') as keyof typeof shapes] ?? {});
}

/** Where a key belongs that stands in the wrong map: `under aws:`. */
export function homeOf(key: string): string | undefined {
  if (Object.hasOwn(rootShape, key)) return 'at the top';
  if (Object.hasOwn(awsShape, key)) return 'under `aws:`';
  if (Object.hasOwn(regionShape, key)) return 'under a region of `regions:`';
  if (Object.hasOwn(sshShape, key)) return 'under `ssh:`';
  return undefined;
}

function isMap(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A map with fixed keys. `key:` without a value is as good as no key, and `x-…` is the user's own. */
function section<Shape extends z.core.$ZodShape>(shape: Shape) {
  const tidy = (value: unknown) => {
    if (value === null) return {};
    if (!isMap(value)) return value;
    return Object.fromEntries(
      Object.entries(value)
        .filter(([key]) => !key.startsWith('x-'))
        .map(([key, child]) => [key, child ?? undefined]),
    );
  };
  return z.preprocess(tidy, z.strictObject(shape, 'a map of settings'));
}
