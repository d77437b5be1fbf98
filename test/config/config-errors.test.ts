import { describe, expect, it } from 'vitest';
import { loadSettings } from '../../src/config/load-settings.ts';
import { errorLinesOf, errorsOf } from '../fixtures/errors-of.ts';
import { temporaryProject } from '../fixtures/temporary-project.ts';

const load = (content: string | Uint8Array) =>
  loadSettings({ root: temporaryProject({ '.spot/config.yaml': content }), env: {}, flags: {} });

const lines = (content: string | Uint8Array) => errorLinesOf(() => load(content));

describe('YAML that cannot be read', () => {
  it.each([
    ['a tab', 'aws:\n\ttotal_instances: 3\n', '2:1 Tabs are not allowed as indentation.'],
    ['a key twice', 'name: a\nname: b\n', '2:1 Map keys must be unique.'],
    [
      'an open list',
      'ports: [80\n',
      '2:1 Flow sequence in block collection must be sufficiently indented and end with a ].',
    ],
    ['an open quote', 'name: "a\n', '2:1 Missing closing "quote.'],
    ['an alias of nothing', 'name: *nothing\n', '1:7 There is no anchor &nothing above this alias.'],
    ['two documents', 'name: a\n---\nname: b\n', '2:1 The file holds more than one document.'],
    ['an unknown tag', 'name: !secret x\n', '1:7 Unresolved tag: !secret.'],
  ])('%s', async (_, yaml, expected) => {
    expect(await lines(yaml)).toEqual([`SPOT-E-CONFIG-SYNTAX .spot/config.yaml:${expected}`]);
  });

  it.each([
    ['bytes that are not UTF-8', new Uint8Array([0x6e, 0x3a, 0x20, 0xff]), ' The file is not UTF-8.'],
    ['depth', '['.repeat(100_000), ':1:102 It is nested too deeply.'],
    ['size', ' '.repeat(262_145), ' The file is larger than 256 KB.'],
    [
      'an alias bomb',
      `x-a: &a [1, 1, 1, 1, 1, 1, 1, 1, 1]\n${['b', 'c', 'd', 'e']
        .map((key, index) => `x-${key}: &${key} [${Array(9).fill(`*${'abcd'[index]}`).join(', ')}]\n`)
        .join('')}`,
      ' Its aliases repeat too much.',
    ],
  ])('%s', async (_, yaml, expected) => {
    expect(await lines(yaml)).toEqual([`SPOT-E-CONFIG-SYNTAX .spot/config.yaml${expected}`]);
  });
});

describe('unknown keys', () => {
  it.each([
    ['a slip', 'prots: [80]', '1:1 `prots` is not a key; did you mean `ports`?'],
    [
      'a slip under aws',
      'aws:\n  total_instance: 3',
      '2:3 `aws.total_instance` is not a key; did you mean `total_instances`?',
    ],
    [
      'a slip in a region',
      'regions:\n  - us-east-1: {}\n  - us-west-2:\n      image: auto\n      machine_typ: t3.large\n',
      '5:7 `regions[1].us-west-2.machine_typ` is not a key; did you mean `machine_type`?',
    ],
    [
      'another map’s key',
      'total_instances: 3',
      '1:1 `total_instances` is not a key; it belongs under `aws:`.',
    ],
    [
      'a region’s key under aws',
      'aws: {machine_type: t3.large}',
      '1:7 `aws.machine_type` is not a key; it belongs under a region of `regions:`.',
    ],
    ['a top key under aws', 'aws: {ports: [80]}', '1:7 `aws.ports` is not a key; it belongs at the top.'],
    ['something else', 'colour: blue', '1:1 `colour` is not a key.'],
    ['under ssh', 'ssh: {alow: auto}', '1:7 `ssh.alow` is not a key; did you mean `allow`?'],
    ['a key of JavaScript', 'constructor: x', '1:1 `constructor` is not a key.'],
    ['no text', '7: x', '1:1 `7` is not a key.'],
    ['a merge key', 'x-a: &a {username: me}\naws: {<<: *a}', '2:7 `aws.<<` is not a key.'],
  ])('%s', async (_, yaml, expected) => {
    expect(await lines(yaml)).toEqual([`SPOT-E-CONFIG-UNKNOWN-KEY .spot/config.yaml:${expected}`]);
  });
});

describe('values that are not valid', () => {
  const wholeNumber = 'must be a whole number from 1 to 5000, but is';
  const region = 'must be the name of a region such as';
  const port = 'must be a whole number from 1 to 65535, but is';
  it.each([
    ['- a', '1:1 The file must be a map of settings, but is a list.'],
    ['text', '1:1 The file must be a map of settings, but is "text".'],
    ['aws: 5', '1:6 `aws` must be a map of settings, but is 5.'],
    ['aws: {total_instances: 0}', `1:24 \`aws.total_instances\` ${wholeNumber} 0.`],
    ['aws: {total_instances: 1.5}', `1:24 \`aws.total_instances\` ${wholeNumber} 1.5.`],
    ['aws: {total_instances: "3"}', `1:24 \`aws.total_instances\` ${wholeNumber} "3".`],
    ['aws: {total_instances: .nan}', `1:24 \`aws.total_instances\` ${wholeNumber} NaN.`],
    ['aws: {total_instances: 1e30}', `1:24 \`aws.total_instances\` ${wholeNumber} 1e+30.`],
    [
      'aws: {username: root}',
      '1:17 `aws.username` must be a Linux user name other than root: small letters, digits, _ and -, but is "root".',
    ],
    [
      'aws: {instance_storage_gb: 4}',
      '1:28 `aws.instance_storage_gb` must be a whole number from 8 to 16384, but is 4.',
    ],
    [
      'aws: {spot_price_limit: -1}',
      '1:25 `aws.spot_price_limit` must be a price in USD an hour, such as 0.05, but is -1.',
    ],
    [
      'aws: {tags: {cost: 42}}',
      '1:20 `aws.tags.cost` must be text, in quotes where YAML sees something else, but is 42.',
    ],
    [
      'aws: {tags: {cost: }}',
      '1:20 `aws.tags.cost` must be text, in quotes where YAML sees something else, but is empty.',
    ],
    [
      'aws: {tags: {"aws:x": a}}',
      '1:14 The key `aws.tags.aws:x` must be a tag of at most 128 characters that does not begin with aws: or spot-deployer:.',
    ],
    ['aws: {tags: [a]}', '1:13 `aws.tags` must be a map of tags to their values, but is a list.'],
    [
      'aws: {public_ssh_key_path: a}',
      '1:28 `aws.public_ssh_key_path` must be accompanied by `private_ssh_key_path`, with which to log in, but is "a".',
    ],
    [
      'regions: us-west-2',
      '1:10 `regions` must be a list of regions such as `- us-west-2: {machine_type: t3.medium}`, but is "us-west-2".',
    ],
    [
      'regions: [us-west-2]',
      '1:11 `regions[0]` must be a map such as `us-west-2: {machine_type: t3.medium}`, but is "us-west-2".',
    ],
    [
      'regions: [{us-west-2: , us-east-1: }]',
      '1:11 `regions[0]` must be a map with one region, but is a map.',
    ],
    ['regions: [{}]', '1:11 `regions[0]` must be a map with one region, but is an empty map.'],
    [
      'regions: [{us-west-2: }, {us-west-2: }]',
      '1:26 `regions[1]` must be a region that is not listed above, but is a map.',
    ],
    ['regions: [{us-wset-2: }]', `1:12 The key \`regions[0].us-wset-2\` ${region} us-west-2.`],
    ['regions: [{Oregon: }]', `1:12 The key \`regions[0].Oregon\` ${region} us-west-2.`],
    ['regions: [{us-west-2: 5}]', '1:23 `regions[0].us-west-2` must be a map of settings, but is 5.'],
    [
      'regions: [{us-west-2: {machine_type: large}}]',
      '1:38 `regions[0].us-west-2.machine_type` must be an instance type such as t3.medium, but is "large".',
    ],
    [
      'regions: [{us-west-2: {image: ubuntu}}]',
      '1:31 `regions[0].us-west-2.image` must be auto or an image id such as ami-0123456789abcdef0, but is "ubuntu".',
    ],
    ['ports: 80', '1:8 `ports` must be a list of TCP ports such as [8080], but is 80.'],
    ['ports: [0]', `1:9 \`ports[0]\` ${port} 0.`],
    ['ports: [80, 8080/tcp]', `1:13 \`ports[1]\` ${port} "8080/tcp".`],
    ['ports: [22]', '1:9 `ports[0]` must be a port other than 22, which is for SSH, but is 22.'],
    ['ports: [80, 80]', '1:13 `ports[1]` must be something that is not in the list already, but is 80.'],
    [
      'ssh: {allow: []}',
      '1:14 `ssh.allow` must be auto or a list of CIDR blocks such as 203.0.113.0/24, but is an empty list.',
    ],
    [
      'ssh: {allow: [203.0.113.0]}',
      '1:14 `ssh.allow` must be auto or a list of CIDR blocks such as 203.0.113.0/24, but is a list.',
    ],
    ['ttl: 3600', '1:6 `ttl` must be a duration with its unit, such as 3600s, but is 3600.'],
    ['ttl: 1w', '1:6 `ttl` must be a duration such as 90s, 30m, 12h or 2d, but is "1w".'],
    ['ttl: 0s', '1:6 `ttl` must be a duration such as 90s, 30m, 12h or 2d, but is "0s".'],
    ['timeout: [1]', '1:10 `timeout` must be a duration such as 90s, 30m, 12h or 2d, but is a list.'],
    ['reboot: yes', '1:9 `reboot` must be true or false, but is "yes".'],
    ['cloud: gcp', '1:8 `cloud` must be aws or local, but is "gcp".'],
    [
      'name: -x',
      '1:7 `name` must be at most 40 letters, digits, dots, underscores and hyphens, the first a letter or digit, but is "-x".',
    ],
    ['packages: [-y]', '1:12 `packages[0]` must be the name of a Debian package, but is "-y".'],
    ['exclude: [""]', '1:11 `exclude[0]` must be a pattern such as *.log, but is "".'],
    ['x-p: &p 0\nports: [*p]', `2:9 \`ports[0]\` ${port} 0.`],
  ])('%s', async (yaml, expected) => {
    expect(await lines(yaml)).toEqual([`SPOT-E-CONFIG-INVALID .spot/config.yaml:${expected}`]);
  });

  it('does not repeat a long text, which may be a secret in the wrong place', async () => {
    const secret = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
    const errors = await errorsOf(() => load(`cloud: ${secret}\naws_secret_access_key: ${secret}\n`));
    expect(errors.map(({ message }) => message)).toEqual([
      '`cloud` must be aws or local, but is a text of 40 characters.',
      '`aws_secret_access_key` is not a key.',
    ]);
    expect(JSON.stringify(errors)).not.toContain(secret);
  });
});

describe('keys of the first tool that this one does not honour', () => {
  const project = 'Remove it: the whole project folder goes to the machines.';
  const setup = 'Remove it and do this in deployment/setup.sh.';
  const network = 'Remove it: machines get the default VPC and a security group of their own.';
  it.each([
    [
      'ssh_key_name: my-key',
      '`aws.ssh_key_name`',
      'Remove it: machines get a key of their own, or the one that `private_ssh_key_path` names (and `public_ssh_key_path`).',
    ],
    ['files_directory: files', '`aws.files_directory`', project],
    ['scripts_directory: instance/scripts', '`aws.scripts_directory`', project],
    ['cloud_init_template: a', '`aws.cloud_init_template`', setup],
    ['startup_script: a', '`aws.startup_script`', setup],
    ['additional_commands_script: a', '`aws.additional_commands_script`', setup],
    ['docker_compose_template: a', '`aws.docker_compose_template`', setup],
    ['bacalhau_config_template: a', '`aws.bacalhau_config_template`', setup],
    ['bacalhau_data_dir: /bacalhau_data', '`aws.bacalhau_data_dir`', setup],
    ['bacalhau_node_dir: /bacalhau_node', '`aws.bacalhau_node_dir`', setup],
    ['security_group_name: a', '`aws.security_group_name`', network],
    ['security_groups: [sg-1]', '`aws.security_groups`', network],
    ['iam_instance_profile: a', '`aws.iam_instance_profile`', 'Remove it: machines run without an IAM role.'],
    ['vpc_id: vpc-1', '`aws.vpc_id`', network],
    ['subnet_id: subnet-1', '`aws.subnet_id`', network],
    ['vpc_tag_name: a', '`aws.vpc_tag_name`', network],
    [
      'associate_public_ip: false',
      '`aws.associate_public_ip: false`',
      'Remove it: machines always have a public address.',
    ],
    ['use_dedicated_vpc: true', '`aws.use_dedicated_vpc: true`', network],
    [
      'ensure_default_vpc: true',
      '`aws.ensure_default_vpc: true`',
      'Remove it; where a region has no default VPC, `aws ec2 create-default-vpc` makes one.',
    ],
  ])('%s', async (line, subject, hint) => {
    expect(await errorsOf(() => load(`aws:\n  ${line}\n`))).toEqual([
      {
        code: 'SPOT-E-NOT-SUPPORTED',
        message: `${subject} is not supported.`,
        where: '.spot/config.yaml:2:3',
        hint,
        evidence: [],
      },
    ]);
  });
});

it('shows all mistakes of a file at once', async () => {
  const yaml = `
nam: x
aws:
  total_instances: many
  vpc_id: vpc-1
  tags: {a: 1}
regions:
  - us-wset-2:
      machine_typ: t3.large
      image: 5
ports: [22, 70000]
`;
  expect([...(await lines(yaml))].sort()).toEqual([
    'SPOT-E-CONFIG-INVALID .spot/config.yaml:10:14 `regions[0].us-wset-2.image` must be auto or an image id such as ami-0123456789abcdef0, but is 5.',
    'SPOT-E-CONFIG-INVALID .spot/config.yaml:11:13 `ports[1]` must be a whole number from 1 to 65535, but is 70000.',
    'SPOT-E-CONFIG-INVALID .spot/config.yaml:11:9 `ports[0]` must be a port other than 22, which is for SSH, but is 22.',
    'SPOT-E-CONFIG-INVALID .spot/config.yaml:4:20 `aws.total_instances` must be a whole number from 1 to 5000, but is "many".',
    'SPOT-E-CONFIG-INVALID .spot/config.yaml:6:13 `aws.tags.a` must be text, in quotes where YAML sees something else, but is 1.',
    'SPOT-E-CONFIG-INVALID .spot/config.yaml:8:5 The key `regions[0].us-wset-2` must be the name of a region such as us-west-2.',
    'SPOT-E-CONFIG-UNKNOWN-KEY .spot/config.yaml:2:1 `nam` is not a key; did you mean `name`?',
    'SPOT-E-CONFIG-UNKNOWN-KEY .spot/config.yaml:9:7 `regions[0].us-wset-2.machine_typ` is not a key; did you mean `machine_type`?',
    'SPOT-E-NOT-SUPPORTED .spot/config.yaml:5:3 `aws.vpc_id` is not supported.',
  ]);
});
