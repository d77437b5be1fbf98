import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import {
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  EC2Client,
  GetConsoleOutputCommand,
  type Instance,
  RebootInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  cleanRehearsalCloud,
  openRehearsalCloud,
  type RehearsalCloud,
} from '../../src/rehearsal/rehearsal-cloud.ts';
import { imageFor, instancesOf, run } from '../rehearsal/launching.ts';
import { bundleRehearsal } from './support/rehearsal-process.ts';

const region = 'eu-west-1';
const execute = promisify(execFile);
let cache: string;
let cloud: RehearsalCloud;
let group: string;

beforeAll(async () => {
  cache = await mkdtemp(join(tmpdir(), 'spot-rehearsal-e2e-'));
  cloud = await openRehearsalCloud({ cacheFolder: cache });
  const made = await ec2().send(new CreateSecurityGroupCommand({ GroupName: 'e2e', Description: 'e2e' }));
  group = made.GroupId ?? '';
  const everyone = [{ CidrIp: '0.0.0.0/0' }];
  await ec2().send(
    new AuthorizeSecurityGroupIngressCommand({
      GroupId: group,
      IpPermissions: [22, 8080].map((port) => ({
        IpProtocol: 'tcp',
        FromPort: port,
        ToPort: port,
        IpRanges: everyone,
      })),
    }),
  );
});

afterAll(async () => {
  await cloud.close();
  await withImagesKept(() => cleanRehearsalCloud({ cacheFolder: cache }));
  await rm(cache, { recursive: true, force: true });
});

function ec2({ endpoint, credentials }: Pick<RehearsalCloud, 'endpoint' | 'credentials'> = cloud): EC2Client {
  return new EC2Client({
    region,
    endpoint,
    credentials,
    maxAttempts: 1,
  });
}

async function launch(userData?: string, client = ec2()): Promise<string> {
  const [instance] = await run(client, {
    InstanceMarketOptions: { MarketType: 'spot' },
    SecurityGroupIds: [group],
    MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 2 },
    ...(userData === undefined ? {} : { UserData: Buffer.from(userData).toString('base64') }),
  });
  return instance?.InstanceId ?? '';
}

async function describeOne(id: string): Promise<Instance | undefined> {
  const found = await instancesOf(ec2(), { Filters: [{ Name: 'instance-id', Values: [id] }] });
  return found[0];
}

async function until<Result>(what: string, look: () => Promise<Result | undefined>): Promise<Result> {
  const end = Date.now() + 60_000;
  while (Date.now() < end) {
    const result = await look();
    if (result !== undefined) return result;
    await sleep(100);
  }
  throw new RangeError(`${what} did not come about`);
}

/** Runs a script in a machine, as root. */
async function inside(id: string, script: string): Promise<string> {
  const { stdout } = await execute('docker', ['exec', `spot-${id}`, 'sh', '-c', script]);
  return stdout.trim();
}

/** `cloud-init status --wait` ends with another exit code where there were recoverable errors. */
function waitForCloudInit(id: string): Promise<string> {
  return inside(id, 'cloud-init status --wait --long');
}

function endpointOf(instance: Instance | undefined, port: number): string | undefined {
  return instance?.Tags?.find((tag) => tag.Key === `rehearsal:endpoint:${port}`)?.Value;
}

/** The first line that a server says, which with SSH is its version. */
function greeting(endpoint: string | undefined): Promise<string | undefined> {
  const [host = '', port = ''] = endpoint?.split(':') ?? [];
  return new Promise((resolve) => {
    const socket = connect({ host, port: Number(port) });
    socket.once('data', (data) => {
      resolve(data.toString());
      socket.destroy();
    });
    socket.once('close', () => resolve(undefined));
    socket.once('error', () => resolve(undefined));
  });
}

async function dockerLines(...args: string[]): Promise<string[]> {
  const { stdout } = await execute('docker', args);
  return stdout.split('\n').filter((line) => line !== '');
}

/** Cleaning removes the images too, which the other tests would have to make again. */
async function withImagesKept(work: () => Promise<unknown>): Promise<void> {
  const images = await dockerLines(
    'images',
    '--filter',
    'reference=spot-deployer/*',
    '--format',
    '{{.Repository}}:{{.Tag}}',
  );
  const kept = images.map((image, index) => [image, `spot-e2e-kept:${process.pid}-${index}`] as const);
  for (const [image, other] of kept) await execute('docker', ['tag', image, other]);
  await work();
  expect(await dockerLines('images', '--quiet', '--filter', 'reference=spot-deployer/*')).toEqual([]);
  for (const [image, other] of kept) {
    await execute('docker', ['tag', other, image]);
    await execute('docker', ['image', 'rm', other]);
  }
}

describe('a machine', () => {
  const userData = [
    '#cloud-config',
    'users: [{ name: alice, sudo: "ALL=(ALL) NOPASSWD:ALL" }]',
    'write_files: [{ path: /root/greeting, content: "hello ü" }]',
    'runcmd: ["touch /root/ran"]',
  ].join('\n');
  let id: string;
  beforeAll(async () => {
    id = await launch(userData);
  });

  test('is configured by cloud-init from the Ec2 datasource, without a warning', async () => {
    expect(await waitForCloudInit(id)).toMatch(/status: done[\s\S]*DataSourceEc2/);
    expect(await inside(id, 'cat /root/greeting; ls /root/ran; id -un alice')).toBe(
      'hello ü/root/ran\nalice',
    );
    expect(await inside(id, 'grep -cE "WARNING|ERROR|Traceback" /var/log/cloud-init.log || true')).toBe('0');
  });

  test('is up with no failed unit', async () => {
    expect(await inside(id, 'systemctl is-system-running --wait')).toBe('running');
  });

  test('answers over SSH with host keys made at its first boot', async () => {
    const endpoint = endpointOf(await describeOne(id), 22);
    expect(await until('SSH', () => greeting(endpoint))).toMatch(/^SSH-2.0-/);
    const other = await launch();
    await waitForCloudInit(other);
    const key = 'cat /etc/ssh/ssh_host_ed25519_key.pub';
    expect(await inside(other, key)).not.toBe(await inside(id, key));
    await ec2().send(new TerminateInstancesCommand({ InstanceIds: [other] }));
  });

  test('has metadata for tokens only', async () => {
    const ask = (path: string, options = '') =>
      inside(
        id,
        `curl -s -o /tmp/body -w '%{http_code}' ${options} http://169.254.169.254${path}; cat /tmp/body`,
      );
    expect(await ask('/latest/meta-data/instance-id')).toBe('401');
    expect(await ask('/latest/meta-data/instance-id', "-H 'X-aws-ec2-metadata-token: made-up'")).toBe('401');
    expect(await ask('/latest/api/token', '-X PUT')).toBe('400');
    expect(await ask('/latest/api/token', "-X PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 21601'")).toBe(
      '400',
    );
    const put = (seconds: number) =>
      inside(
        id,
        `curl -s -X PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: ${seconds}' http://169.254.169.254/latest/api/token`,
      );
    const withToken = `-H 'X-aws-ec2-metadata-token: ${await put(60)}'`;
    expect(await ask('/latest/meta-data/instance-id', withToken)).toBe(`200${id}`);
    expect(await ask('/latest/meta-data/placement/availability-zone', withToken)).toBe(`200${region}a`);
    expect(await ask('/latest/meta-data/instance-life-cycle', withToken)).toBe('200spot');
    expect(await ask('/latest/user-data', withToken)).toBe(`200${userData}`);
    expect(await ask('/latest/meta-data/nothing', withToken)).toBe('404');
    const address = (await describeOne(id))?.PrivateIpAddress;
    expect(await ask('/latest/meta-data/local-ipv4', withToken)).toBe(`200${address}`);
    const shortLived = `-H 'X-aws-ec2-metadata-token: ${await put(1)}'`;
    await until('the end of the token', async () =>
      (await ask('/latest/meta-data/instance-id', shortLived)) === '401' ? true : undefined,
    );
  });

  test('hears of an interruption that is dropped in', async () => {
    const path = '/latest/meta-data/spot/instance-action';
    const look = `T=$(curl -s -X PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 60' http://169.254.169.254/latest/api/token); curl -s -w '%{http_code}' -H "X-aws-ec2-metadata-token: $T" http://169.254.169.254${path}`;
    expect(await inside(id, look)).toBe('404');
    const notice = '{"action":"terminate","time":"2026-01-02T03:04:05Z"}';
    await inside(
      id,
      `mkdir -p /run/spot-rehearsal/latest/meta-data/spot && printf '%s' '${notice}' >/run/spot-rehearsal${path}`,
    );
    expect(await inside(id, look)).toBe(`${notice}200`);
  });

  test('shows its journal as its console', async () => {
    const { Output: output = '' } = await ec2().send(new GetConsoleOutputCommand({ InstanceId: id }));
    expect(Buffer.from(output, 'base64').toString()).toContain('cloud-init');
  });

  test('reboots and is the same machine at the same address and ports', async () => {
    const before = await describeOne(id);
    const boot = await inside(id, 'cat /proc/sys/kernel/random/boot_id');
    await ec2().send(new RebootInstancesCommand({ InstanceIds: [id] }));
    await until('another boot', async () => {
      const now = await inside(id, 'cat /proc/sys/kernel/random/boot_id').catch(() => boot);
      return now === boot ? undefined : now;
    });
    await waitForCloudInit(id);
    const after = await describeOne(id);
    expect(after?.State?.Name).toBe('running');
    expect(after?.PublicIpAddress).toBe(before?.PublicIpAddress);
    expect(endpointOf(after, 8080)).toBe(endpointOf(before, 8080));
    expect(await until('SSH', () => greeting(endpointOf(after, 22)))).toMatch(/^SSH-2.0-/);
    expect(await inside(id, 'systemctl is-system-running --wait; ls /root/ran')).toBe('running\n/root/ran');
  });

  test('that switches itself off is terminated and leaves nothing', async () => {
    await execute('docker', ['exec', '--detach', `spot-${id}`, 'systemctl', 'poweroff']);
    const instance = await until('its end', async () => {
      const now = await describeOne(id);
      return now?.State?.Name === 'terminated' ? now : undefined;
    });
    expect(instance.StateReason?.Code).toBe('Client.InstanceInitiatedShutdown');
    expect(await dockerLines('ps', '--all', '--quiet', '--filter', `name=spot-${id}`)).toEqual([]);
  });
});

describe('a termination', () => {
  test('removes container and volume', async () => {
    const id = await launch();
    const format = '{{range .Mounts}}{{if eq .Type "volume"}}{{.Name}}{{end}}{{end}}';
    const [volume = ''] = await dockerLines('inspect', '--format', format, `spot-${id}`);
    expect(await dockerLines('volume', 'ls', '--quiet', '--filter', `name=${volume}`)).toEqual([volume]);
    await until('sight of it', () => describeOne(id));
    await ec2().send(new TerminateInstancesCommand({ InstanceIds: [id] }));
    expect(await dockerLines('ps', '--all', '--quiet', '--filter', `name=spot-${id}`)).toEqual([]);
    expect(await dockerLines('volume', 'ls', '--quiet', '--filter', `name=${volume}`)).toEqual([]);
  });
});

describe("AWS's own command", () => {
  const aws = async (...args: string[]): Promise<Record<string, unknown>> => {
    const { stdout } = await execute(
      '/usr/bin/aws',
      ['ec2', '--output', 'json', '--endpoint-url', cloud.endpoint, ...args],
      {
        env: {
          ...process.env,
          AWS_ACCESS_KEY_ID: cloud.credentials.accessKeyId,
          AWS_SECRET_ACCESS_KEY: cloud.credentials.secretAccessKey,
          AWS_DEFAULT_REGION: region,
          AWS_PAGER: '',
        },
      },
    );
    return JSON.parse(stdout) as Record<string, unknown>;
  };

  test('launches, describes, prices and terminates', async () => {
    const prices = await aws(
      'describe-spot-price-history',
      '--instance-types',
      't3.micro',
      '--max-items',
      '3',
    );
    expect(prices.SpotPriceHistory).toHaveLength(3);
    const launched = await aws(
      'run-instances',
      '--image-id',
      imageFor(),
      '--instance-type',
      't3.micro',
      '--count',
      '1',
    );
    const [{ InstanceId: id }] = launched.Instances as [{ InstanceId: string }];
    await until('sight of it', () => describeOne(id));
    const described = await aws('describe-instances', '--instance-ids', id);
    expect(described).toMatchObject({
      Reservations: [{ Instances: [{ InstanceId: id, State: { Name: 'running' } }] }],
    });
    const terminated = await aws('terminate-instances', '--instance-ids', id);
    expect(terminated).toMatchObject({ TerminatingInstances: [{ CurrentState: { Name: 'shutting-down' } }] });
  });
});

describe('several processes', () => {
  let bundle: Awaited<ReturnType<typeof bundleRehearsal>>;
  beforeAll(async () => {
    bundle = await bundleRehearsal();
  });
  afterAll(() => bundle.remove());

  test('work on one cloud at once', async () => {
    const others = [await bundle.start(cache), await bundle.start(cache)];
    const ids = await Promise.all(others.map((other) => launch(undefined, ec2(other))));
    await Promise.all(others.map((other) => other.kill()));
    const found = await until('sight of them', async () => {
      const machines = await Promise.all(ids.map(describeOne));
      return machines.every((machine) => machine !== undefined) ? machines : undefined;
    });
    expect(found.map((machine) => machine?.State?.Name)).toEqual(['running', 'running']);
    expect(
      new Set(found.flatMap((machine) => [endpointOf(machine, 22), endpointOf(machine, 8080)])).size,
    ).toBe(4);
    await ec2().send(new TerminateInstancesCommand({ InstanceIds: ids }));
  });

  test('may be killed in the middle of a launch', async () => {
    const other = await bundle.start(cache);
    const launching = run(ec2(other), { MinCount: 3, MaxCount: 3, ClientToken: 'cut-off' });
    const refused = expect(launching).rejects.toThrow();
    const ids = await until('the records', async () => {
      const state = JSON.parse(await readFile(join(cache, 'rehearsal', 'cloud.json'), 'utf8'));
      return (state.tokens[`${region}/RunInstances/cut-off`]?.resourceIds ?? undefined) as
        | string[]
        | undefined;
    });
    await other.kill();
    await refused;
    // Docker goes on by itself with what it was told; then every record says what is so.
    const settled = await until('an end', async () => {
      const machines = await Promise.all(ids.map(describeOne));
      const states = machines.map((machine) => machine?.State?.Name ?? '');
      return states.every((state) => state === 'running' || state === 'terminated') ? machines : undefined;
    });
    const running = settled
      .filter((machine) => machine?.State?.Name === 'running')
      .map((machine) => machine?.InstanceId ?? '');
    if (running.length > 0) await ec2().send(new TerminateInstancesCommand({ InstanceIds: running }));
    await until('nothing left', async () => {
      await instancesOf(ec2(), {});
      const left = await Promise.all(
        ids.map((id) => dockerLines('ps', '--all', '--quiet', '--filter', `name=spot-${id}`)),
      );
      return left.flat().length === 0 ? true : undefined;
    });
  });
});

describe('a lost state file', () => {
  test('leaves the machines to be found by their labels', async () => {
    const other = await mkdtemp(join(tmpdir(), 'spot-rehearsal-e2e-'));
    const first = await openRehearsalCloud({ cacheFolder: other });
    const [launched] = await run(ec2(first), {
      TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'kept', Value: 'yes' }] }],
    });
    await first.close();
    await rm(join(other, 'rehearsal', 'cloud.json'));
    const second = await openRehearsalCloud({ cacheFolder: other, visibleAfterMs: 0 });
    const found = await instancesOf(ec2(second), {
      Filters: [{ Name: 'tag:kept', Values: ['yes'] }],
    });
    expect(found.map((machine) => [machine.InstanceId, machine.State?.Name])).toEqual([
      [launched?.InstanceId, 'running'],
    ]);
    await second.close();
    await withImagesKept(async () => {
      expect((await cleanRehearsalCloud({ cacheFolder: other })).containers).toBe(1);
    });
    expect(
      await dockerLines('ps', '--all', '--quiet', '--filter', `name=spot-${launched?.InstanceId}`),
    ).toEqual([]);
    await expect(readFile(join(other, 'rehearsal', 'cloud.json'))).rejects.toThrow('ENOENT');
    await rm(other, { recursive: true });
  });
});
