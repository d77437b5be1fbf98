import { writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { defaultSettings } from '../../src/config/default-settings.ts';
import { loadSettings } from '../../src/config/load-settings.ts';
import { applyOverrides, readOverrides } from '../../src/config/overrides.ts';
import { emptySource, parseConfig } from '../../src/config/parse-config.ts';
import { errorLinesOf, errorsOf } from '../fixtures/errors-of.ts';
import { temporaryFolder, temporaryProject } from '../fixtures/temporary-project.ts';

const load = (yaml: string, env: Record<string, string> = {}, flags = {}) =>
  loadSettings({ root: temporaryProject({ '.spot/config.yaml': yaml }), env, flags });

const region = { machineType: 't3.medium', image: 'auto', instances: undefined, storageGb: undefined };

describe('without a file', () => {
  it('rehearses three machines in two regions, whichever way the rehearsal is asked for', async () => {
    const root = temporaryFolder();
    expect(await loadSettings({ root, env: {}, flags: { local: true } })).toEqual(defaultSettings);
    expect(await loadSettings({ root, env: { SPOT_CLOUD: 'local' }, flags: {} })).toEqual(defaultSettings);
    expect(await loadSettings({ root, env: {}, flags: { local: true, count: 3 } })).toEqual(defaultSettings);
  });

  it('has the defaults that the schema gives', () => {
    const source = applyOverrides(emptySource, readOverrides({ SPOT_CLOUD: 'local' }, {}));
    expect(parseConfig(source, '/project')).toEqual(defaultSettings);
  });

  it('refuses AWS, since nothing says where', async () => {
    const root = temporaryFolder();
    expect(await errorsOf(() => loadSettings({ root, env: {}, flags: {} }))).toEqual([
      {
        code: 'SPOT-E-CONFIG-NO-REGIONS',
        message: 'There is no .spot/config.yaml that names regions.',
        hint: 'Add `regions:` to .spot/config.yaml, or rehearse with --local.',
        evidence: [],
      },
    ]);
  });

  it('names the variable or flag that is wrong', async () => {
    const root = temporaryFolder();
    const env = { SPOT_CLOUD: 'Local', SPOT_NAME: '-x', SPOT_REBOOT: 'yes' };
    expect(await errorLinesOf(() => loadSettings({ root, env, flags: { count: 0 } }))).toEqual([
      'SPOT-E-CONFIG-INVALID environment variable SPOT_NAME `name` must be at most 40 letters, digits, dots, underscores and hyphens, the first a letter or digit, but is "-x".',
      'SPOT-E-CONFIG-INVALID environment variable SPOT_CLOUD `cloud` must be aws or local, but is "Local".',
      'SPOT-E-CONFIG-INVALID --count `aws.total_instances` must be a whole number from 1 to 5000, but is 0.',
      'SPOT-E-CONFIG-INVALID environment variable SPOT_REBOOT `reboot` must be true or false, but is "yes".',
    ]);
  });
});

describe('a file', () => {
  it('takes the first tool’s keys that mean the same here, and the new ones', async () => {
    const root = temporaryProject({
      '.spot/config.yaml': `
name: my-app
cloud: aws
aws:
  total_instances: 5
  username: deploy
  public_ssh_key_path: ~/.ssh/id_ed25519.pub
  private_ssh_key_path: keys/id_ed25519
  instance_storage_gb: 30
  spot_price_limit: 0.05
  associate_public_ip: true
  use_dedicated_vpc: false
  tags: {team: a, x-kept: b}
regions:
  - us-west-2:
      machine_type: m7g.large
      image: ami-0123456789abcdef0
      instances_per_region: 2
      spot_price_limit: 0.1
      instance_storage_gb: 40
      tags: {zone: west}
  - eu-west-1: {}
  - us-east-1:
ports: [80, 8080]
ssh: {allow: [203.0.113.0/24, '2001:db8::/32']}
ttl: 12h
timeout: 90s
reboot: true
packages: [git, python3-pip, 'nginx=1.24.0-2']
exclude: ['*.log']
x-mine: {anything: [1]}
`,
    });
    expect(await loadSettings({ root, env: {}, flags: {} })).toEqual({
      name: 'my-app',
      cloud: 'aws',
      totalInstances: 5,
      username: 'deploy',
      storageGb: 30,
      spotPriceLimit: 0.05,
      tags: { team: 'a', 'x-kept': 'b' },
      regions: [
        {
          region: 'us-west-2',
          machineType: 'm7g.large',
          image: 'ami-0123456789abcdef0',
          instances: 2,
          storageGb: 40,
          spotPriceLimit: 0.1,
          tags: { zone: 'west' },
        },
        { region: 'eu-west-1', ...region, spotPriceLimit: undefined, tags: {} },
        { region: 'us-east-1', ...region, spotPriceLimit: undefined, tags: {} },
      ],
      ports: [80, 8080],
      ssh: {
        allow: ['203.0.113.0/24', '2001:db8::/32'],
        privateKeyPath: join(root, 'keys/id_ed25519'),
        publicKeyPath: join(homedir(), '.ssh/id_ed25519.pub'),
      },
      ttlSeconds: 43_200,
      timeoutSeconds: 90,
      reboot: true,
      packages: ['git', 'python3-pip', 'nginx=1.24.0-2'],
      exclude: ['*.log'],
    });
  });

  it('may be empty, or have keys without values, which is as good as without the keys', async () => {
    expect(await load('', {}, { local: true })).toEqual(defaultSettings);
    expect(await load('# nothing\n', {}, { local: true })).toEqual(defaultSettings);
    expect(await load('aws:\nregions:\nports:\nssh:\nttl:\n', {}, { local: true })).toEqual(defaultSettings);
  });

  it('sums up the regions when each says how many machines it takes and nothing says the total', async () => {
    const each = 'regions: [{us-west-2: {instances_per_region: 2}}, {us-east-1: {instances_per_region: 3}}]';
    expect((await load(each)).totalInstances).toBe(5);
    expect(
      (await load('regions: [{us-west-2: {instances_per_region: 2}}, {us-east-1: }]')).totalInstances,
    ).toBe(3);
    expect((await load(each, {}, { count: 9 })).totalInstances).toBe(9);
  });

  it('gives way to the environment, which gives way to flags', async () => {
    const yaml = 'name: file\ncloud: aws\naws: {total_instances: 2}\nregions: [{us-west-2: }]\n';
    const env = { SPOT_NAME: '123', SPOT_TOTAL_INSTANCES: '4', SPOT_TTL: '2d', SPOT_USERNAME: '' };
    expect(await load(yaml, env)).toMatchObject({
      name: '123',
      totalInstances: 4,
      ttlSeconds: 172_800,
      username: 'ubuntu',
    });
    expect(await load(yaml, env, { count: 7 })).toMatchObject({ totalInstances: 7, cloud: 'aws' });
    expect(await load(yaml, { SPOT_CLOUD: 'aws' }, { local: true })).toMatchObject({
      cloud: 'local',
      totalInstances: 2,
    });
  });

  it('can be named by --config or SPOT_CONFIG_PATH, in this order', async () => {
    const root = temporaryProject({
      '.spot/config.yaml': 'name: usual',
      'a.yaml': 'name: a',
      'b.yaml': 'name: b',
    });
    const flags = { local: true };
    const env = { SPOT_CONFIG_PATH: join(root, 'a.yaml') };
    expect((await loadSettings({ root, env, flags })).name).toBe('a');
    expect((await loadSettings({ root, configPath: join(root, 'b.yaml'), env, flags })).name).toBe('b');
    const missing = () => loadSettings({ root, configPath: '/none/c.yaml', env, flags });
    expect(await errorLinesOf(missing)).toEqual(['SPOT-E-CONFIG-NOT-FOUND - /none/c.yaml does not exist.']);
  });

  it('is named by its whole path in errors when it lies outside the project', async () => {
    const elsewhere = join(temporaryFolder(), 'c.yaml');
    writeFileSync(elsewhere, 'nam: x');
    const work = () => loadSettings({ root: temporaryFolder(), configPath: elsewhere, env: {}, flags: {} });
    expect(await errorLinesOf(work)).toEqual([
      `SPOT-E-CONFIG-UNKNOWN-KEY ${elsewhere}:1:1 \`nam\` is not a key; did you mean \`name\`?`,
    ]);
  });

  it('is not passed over when it is called config.yml or is a folder', async () => {
    const misnamed = temporaryProject({ '.spot/config.yml': 'name: x' });
    expect(
      await errorLinesOf(() => loadSettings({ root: misnamed, env: {}, flags: { local: true } })),
    ).toEqual(['SPOT-E-CONFIG-NOT-FOUND .spot/config.yml The configuration is called .spot/config.yml.']);
    const folder = temporaryProject({ '.spot/config.yaml/': '' });
    expect(await errorLinesOf(() => loadSettings({ root: folder, env: {}, flags: { local: true } }))).toEqual(
      [
        'SPOT-E-PROJECT-UNREADABLE .spot/config.yaml ".spot/config.yaml" cannot be read: illegal operation on a directory.',
      ],
    );
  });

  it('refuses AWS without regions', async () => {
    expect(await errorLinesOf(() => load('name: x\n'))).toEqual([
      'SPOT-E-CONFIG-NO-REGIONS .spot/config.yaml .spot/config.yaml names no regions.',
    ]);
  });
});

it('refuses the variables of earlier tools that it does not obey', async () => {
  const env = { SPOT_STATE_PATH: '/x', SPOT_FILES_DIR: 'f', SPOT_OUTPUT_DIR: '' };
  expect(await errorsOf(() => load('', env, { local: true }))).toEqual([
    {
      code: 'SPOT-E-NOT-SUPPORTED',
      message: 'The environment variable SPOT_FILES_DIR is set, but this version does not obey it.',
      where: 'environment variable SPOT_FILES_DIR',
      hint: 'Unset it: unset SPOT_FILES_DIR',
      evidence: [],
    },
    {
      code: 'SPOT-E-NOT-SUPPORTED',
      message: 'The environment variable SPOT_STATE_PATH is set, but this version does not obey it.',
      where: 'environment variable SPOT_STATE_PATH',
      hint: 'Unset it: unset SPOT_STATE_PATH',
      evidence: [],
    },
  ]);
});
