import { chmodSync, mkdirSync, readdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listen } from './support/listen.ts';
import { Rehearsal } from './support/rehearsal.ts';
import { type SpotResult, startSpot } from './support/spot-process.ts';
import { Stranger } from './support/stranger.ts';
import { onTinyDisk } from './support/tiny-disk.ts';

const files = { 'deployment/setup.sh': '#!/bin/bash\necho hello\n' };
const create = ['create', '--local', '--count', '1'];
const filesOf = (folder: string) => readdirSync(folder, { recursive: true }).map(String).sort();

/** Exit code 2, each code once with its remedy, and the project as it was. */
function expectRefusal({ code, stderr }: SpotResult, root: string, error: string, remedy: string): void {
  expect(stderr.match(/^SPOT-E-[A-Z-]+/gm)).toEqual([error]);
  expect(stderr).toContain(`  next  ${remedy}`);
  expect(code).toBe(2);
  expect(filesOf(root)).toEqual(['deployment', 'deployment/setup.sh']);
}

describe('create says what this computer lacks and what to do, and leaves nothing', () => {
  const rehearsal = new Rehearsal('lacking', files);
  const place = (name: string) => join(rehearsal.folder, name);
  const spot = (env: NodeJS.ProcessEnv, args: readonly string[] = create) =>
    startSpot(args, { cwd: rehearsal.root, env: { ...rehearsal.environment, ...env } });
  const noDocker = { PATH: place('nothing-here') };
  const noEngine = { DOCKER_HOST: `unix://${place('no-such.sock')}` };
  const expectRefused = (result: SpotResult, error: string, remedy: string) => {
    expectRefusal(result, rehearsal.root, error, remedy);
    expect(rehearsal.containers()).toEqual([]);
  };

  afterAll(() => rehearsal.dispose());

  it('without a docker command', async () => {
    expectRefused(await spot(noDocker), 'SPOT-E-DOCKER-NONE', 'Install Docker (Debian and Ubuntu: `apt-get');
  });

  it('without an engine that runs', async () => {
    const refused = await spot(noEngine);
    expectRefused(refused, 'SPOT-E-DOCKER-DOWN', 'Start it: `systemctl start docker`');
    expect(refused.stderr).toContain('│ Cannot connect to the Docker daemon');
  });

  it('in JSON too, for a script', async () => {
    const { code, stdout } = await spot(noDocker, [...create, '--json']);
    expect(JSON.parse(stdout.trim().split('\n').at(-1) ?? '')).toEqual({
      schema: 'spot-deployer/error/v1',
      errors: [
        {
          code: 'SPOT-E-DOCKER-NONE',
          message: 'There is no docker command to look for the machine image.',
          hint: expect.stringContaining('Install Docker'),
          evidence: [],
        },
      ],
    });
    expect(code).toBe(2);
  });

  it('while the commands that need no engine work without one', async () => {
    for (const command of ['plan', 'list', 'destroy']) {
      expect(await spot(noEngine, [command, '--local']), command).toMatchObject({ code: 0, stderr: '' });
    }
    expectRefused(await spot(noEngine, ['local', 'clean']), 'SPOT-E-DOCKER-DOWN', 'Start it: ');
  });

  it('without room for its state in the project', async (context) => {
    await onTinyDisk(context, rehearsal.root, '16k', async () => {
      rehearsal.write(files);
      const refused = await rehearsal.spot(...create);
      expectRefused(refused, 'SPOT-E-DISK-FULL', 'Free some space');
      expect(refused.stderr).toContain(`There is no room for ${rehearsal.root}/.spot/state/`);
    });
  });

  it('without room for the bundle', async (context) => {
    await onTinyDisk(context, rehearsal.root, '512k', async () => {
      rehearsal.write({ ...files, data: 'x'.repeat(400 * 1024) });
      const refused = await rehearsal.spot(...create);
      rehearsal.remove('data');
      expectRefused(refused, 'SPOT-E-DISK-FULL', 'Free some space');
      expect(refused.stderr).toContain('/bundle.tar.');
    });
  });

  it.for(['4k', '8k', '12k'])('without room in the cache (%s)', async (size, context) => {
    const cache = place('cache');
    mkdirSync(cache, { recursive: true });
    await onTinyDisk(context, cache, size, async () => {
      const refused = await rehearsal.spot(...create);
      expectRefused(refused, 'SPOT-E-DISK-FULL', 'Free some space');
      expect(refused.stderr).toContain(`There is no room for ${cache}/rehearsal/`);
    });
  });

  it('with a mistake in the configuration, by file, line and column', async () => {
    const refusals = [
      ['aws:\n  total_instances: 1\n regions: []\n', 'SPOT-E-CONFIG-SYNTAX', '3:1'],
      ['regions:\n  - us-west-2: {machine_typ: t3.micro}\n', 'SPOT-E-CONFIG-UNKNOWN-KEY', '2:17'],
      ['regions:\n  - us-west-2:\n      machine_type: 3\n', 'SPOT-E-CONFIG-INVALID', '3:21'],
    ] as const;
    for (const [yaml, error, place] of refusals) {
      rehearsal.write({ '.spot/config.yaml': yaml });
      const { code, stderr } = await rehearsal.spot(...create);
      expect(stderr).toMatch(new RegExp(`^${error}  .*\n  where \\.spot/config\\.yaml:${place}\n  next  `));
      expect(code).toBe(2);
    }
    expect((await rehearsal.spot(...create)).stderr).toContain('`regions[0].us-west-2.machine_type` must be');
    rehearsal.write({ '.spot/config.yaml': 'regions:\n  - us-west-2: {machine_typ: t3.micro}\n' });
    expect((await rehearsal.spot(...create)).stderr).toContain('did you mean `machine_type`?');
    expect(filesOf(join(rehearsal.root, '.spot'))).toEqual(['config.yaml']);
    expect(rehearsal.containers()).toEqual([]);
  });

  it.each([
    [['craete'], "Unknown command 'craete'", 'Did you mean create?'],
    [['create', '--loca'], "Unknown option '--loca'", 'Did you mean --local?'],
    [['create', '--count', '0'], 'It must be a whole number from 1 to 10000.', 'See `spot --help`.'],
  ])('when the command line is wrong: spot %j', async (args, message, remedy) => {
    const { code, stderr } = await rehearsal.spot(...args);
    expect(stderr).toMatch(/^SPOT-E-USAGE {2}/);
    expect(stderr).toContain(message);
    expect(stderr).toContain(`  next  ${remedy}`);
    expect(code).toBe(2);
  });

  it('when --project leads nowhere', async () => {
    const nowhere = place('nowhere');
    const { code, stderr } = await rehearsal.spot('create', '--local', '--project', nowhere);
    expect(stderr).toMatch(/^SPOT-E-PROJECT-NOT-FOUND {2}/);
    expect(stderr).toContain(`${nowhere} does not exist.`);
    expect(stderr).toContain('  next  Create deployment/setup.sh, or name the folder with --project DIR.');
    expect(code).toBe(2);
  });
});

describe('a user without rights', () => {
  let stranger: Stranger;

  beforeAll(() => {
    stranger = new Stranger();
  });
  afterAll(() => stranger.dispose());

  it('may plan in a project that is read-only, and is told that nothing can be created from there', async () => {
    expect(await stranger.spot(['plan', '--local'])).toMatchObject({ code: 0, stderr: '' });
    const refused = await stranger.spot(create);
    expectRefusal(
      refused,
      stranger.root,
      'SPOT-E-STATE-UNWRITABLE',
      'Make that folder writable for you; for the cache, SPOT_CACHE_DIR names another.',
    );
    expect(refused.stderr).toContain(
      `${stranger.root}/.spot/state/local/app cannot be written: EACCES: permission denied.`,
    );
  });

  it('is told how to get at the Docker socket', async () => {
    stranger.openProject();
    const socket = join(stranger.folder, 'docker.sock');
    const engine = createServer();
    await listen(engine, socket);
    chmodSync(socket, 0);
    try {
      const refused = await stranger.spot(create, { DOCKER_HOST: `unix://${socket}` });
      const remedy = 'Add yourself to the docker group (`sudo usermod -aG docker $USER`';
      expectRefusal(refused, stranger.root, 'SPOT-E-DOCKER-DENIED', remedy);
    } finally {
      engine.close();
    }
  });
});
