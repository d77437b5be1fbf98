import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import type { CreateResult, ListReport } from '../../src/fleet/report.ts';
import type { LaunchIntent, MachineRecord } from '../../src/state/deployment-state.ts';
import { Rehearsal } from './support/rehearsal.ts';
import type { RunningSpot } from './support/spot-process.ts';
import { until } from './support/until.ts';

interface State {
  readonly intents: readonly LaunchIntent[];
  readonly machines: readonly MachineRecord[];
}

/** A project whose commands are killed in the middle. */
class Crashing extends Rehearsal {
  readonly #count: number;

  constructor(name: string, count: number) {
    super(name, {
      'deployment/setup.sh': '#!/bin/bash\necho one more >> /root/runs\nsleep 1\n',
      'large.bin': 'x'.repeat(48 * 1024 * 1024),
    });
    this.#count = count;
  }

  create(): RunningSpot {
    return this.spot('create', '--local', '--count', String(this.#count), '--json');
  }

  state(): State {
    return JSON.parse(readFileSync(join(this.root, '.spot/state/local', this.name, 'state.json'), 'utf8'));
  }

  /** Kills `create` when the moment has come; what it has started itself lives on. */
  async crash(moment: Moment): Promise<readonly string[]> {
    const running = this.create();
    await Promise.race([moment(running, this), running]);
    running.process.kill('SIGKILL');
    await running;
    return existsSync(join(this.root, '.spot/state')) ? this.knownMachines() : [];
  }

  async expectFinished(known: readonly string[]): Promise<void> {
    const { code, stdout } = await this.create();
    expect(code, stdout).toBe(0);
    const result = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as CreateResult;
    expect(result.machines.map(({ phase, health }) => `${phase} ${health}`)).toEqual(
      Array(this.#count).fill('ready ok'),
    );
    const ids = result.machines.map(({ id }) => id);
    expect(ids, 'no machine was given up').toEqual(expect.arrayContaining([...known]));
    await this.settled();
    expect([...this.containers()].sort()).toEqual(ids.map((id) => `spot-${id}`).sort());
    expect(this.state().intents).toEqual([]);
  }

  async expectDestroyed(): Promise<void> {
    const { code, stdout, stderr } = await this.spot('destroy', '--local');
    expect(code, stdout + stderr).toBe(0);
    await this.settled();
    expect(this.containers()).toEqual([]);
    expect(existsSync(join(this.root, '.spot'))).toBe(false);
    expect((await this.json<ListReport>('list', '--local')).machines).toEqual([]);
  }

  /** From now on Docker takes three seconds before it even begins to make a machine. */
  slowDown(): void {
    const docker = execFileSync('sh', ['-c', 'command -v docker'], { encoding: 'utf8' }).trim();
    const script = `#!/bin/sh\n[ "$1" != run ] || sleep 3\nexec ${docker} "$@"\n`;
    mkdirSync(join(this.folder, 'bin'));
    writeFileSync(join(this.folder, 'bin/docker'), script, { mode: 0o755 });
    this.environment.PATH = `${join(this.folder, 'bin')}:${process.env.PATH}`;
  }

  /** Is a container being made, by a command of ours or by what a killed one left? */
  isMaking(): boolean {
    const processes = execFileSync('ps', ['-ww', '-eo', 'args'], { encoding: 'utf8' }).split('\n');
    return processes.some((line) => line.includes(' run ') && line.includes(this.label));
  }

  /** No docker command that a killed one of ours had started is still at work. */
  settled(): Promise<void> {
    return until(() => !this.isMaking());
  }

  private knownMachines(): readonly string[] {
    try {
      return this.state().machines.map(({ id }) => id);
    } catch {
      return [];
    }
  }
}

type Moment = (running: RunningSpot, project: Crashing) => Promise<unknown>;

const phase =
  (name: string): Moment =>
  (running) =>
    running.until(new RegExp(`"phase":"${name}"`));
const stateIs =
  (holds: (state: State) => boolean): Moment =>
  (_, project) =>
    until(() => holds(project.state()), 1);

const moments: readonly (readonly [string, Moment])[] = [
  ['before it has launched', (running) => running.until(/"stage":"launch"/)],
  ['when the intent to launch is on disk', stateIs(({ intents }) => intents.length > 0)],
  ['when Docker makes the machine', (_, project) => until(() => project.containers().length > 0, 1)],
  ['while the machine boots', phase('booting')],
  [
    'when the new host key is known',
    stateIs(({ machines }) => machines.some((it) => it.hostKey !== undefined)),
  ],
  ['when the new host key is in force', stateIs(({ machines }) => machines.some((it) => it.hostKeyInForce))],
  ['in the middle of the upload', (running) => running.until(/"event":"upload".*"sent":[1-9]/)],
  ['when the release is activated', phase('activating')],
  ['while setup.sh runs', (running) => running.until(/"step":"setup"/)],
  ['while the machine is verified', phase('verifying')],
];

const random = Array.from({ length: 2 }, () => Math.round(300 + 4000 * Math.random()));

describe('create that is killed', () => {
  const finished = new Crashing('finished', 2);
  const destroyed = new Crashing('destroyed', 1);

  afterAll(() => Promise.all([finished.dispose(), destroyed.dispose()]));

  it.each([...moments, ...random.map((at): [string, Moment] => [`after ${at} ms`, () => sleep(at)])])(
    '%s is finished by the next create, or undone by destroy',
    async (_, moment) => {
      await Promise.all([
        finished.crash(moment).then((known) => finished.expectFinished(known)),
        destroyed.crash(moment).then(() => destroyed.expectDestroyed()),
      ]);
      await finished.expectDestroyed();
    },
  );
});

describe('create that is killed while Docker is slow to make the machine', () => {
  const project = new Crashing('slow', 1);
  const making: Moment = () => until(() => project.isMaking(), 1);

  afterAll(() => project.dispose());

  it('leaves no machine behind that turns up after destroy, and none too many after create', async () => {
    project.slowDown();
    await project.crash(making);
    await project.expectDestroyed();
    await project.crash(making);
    await project.expectFinished([]);
  });
});

describe('destroy that is killed', () => {
  const project = new Crashing('half-gone', 2);

  afterAll(() => project.dispose());

  it.each([
    ['create', (running: RunningSpot) => running.until(/destroying/), () => project.expectFinished([])],
    ['destroy', (running: RunningSpot) => running.until(/gone/), () => project.expectDestroyed()],
  ])('is followed by %s just as well', async (_, moment, expectDone) => {
    await project.create();
    const running = project.spot('destroy', '--local');
    await moment(running);
    running.process.kill('SIGKILL');
    expect((await running).code).toBe(137);
    await expectDone();
  });
});
