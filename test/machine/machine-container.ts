import { execFileSync, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Check } from '../../src/machine/check.ts';
import { judge } from '../../src/machine/checks.ts';
import { activateCommand, factsCommand, followCommand, reportCommand } from '../../src/machine/commands.ts';
import { type MachineFacts, parseFacts } from '../../src/machine/facts.ts';
import { FollowReader, type FollowRecord } from '../../src/machine/follow.ts';
import { layout } from '../../src/machine/layout.ts';
import { runnerText, runnerUnitText } from '../../src/machine/payload.ts';
import { type MachineReport, parseReport } from '../../src/machine/report.ts';
import { quoteShell } from '../../src/machine/shell.ts';
import { checksumFile } from '../../src/release/checksum-file.ts';
import type { PlacedFile } from '../../src/release/overlay.ts';
import { packOverlay } from '../../src/release/overlay.ts';
import type { ReleaseRecord } from '../../src/release/release.ts';
import { bundleOf, recordOf, releaseOf, type TestProject } from './test-release.ts';

/**
 * Nothing of the rehearsal cloud takes part: no metadata, so no cloud-init, so no host keys for sshd. An empty unit
 * file masks the unit (systemd.unit(5)).
 */
const switchedOff = [
  '/etc/cloud/cloud-init.disabled',
  ...['spot-imds.socket', 'spot-imds.service', 'ssh.socket', 'ssh.service'].map(
    (unit) => `/etc/systemd/system/${unit}`,
  ),
];

/** A machine that boots systemd, reached as the controller reaches it but for SSH. cloud-init is off in it. */
export class MachineContainer {
  readonly #name = `spot-m-${randomBytes(4).toString('hex')}`;
  /** Releases that were put on it, by id. */
  readonly #records = new Map<string, ReleaseRecord>();

  async start(image: string): Promise<void> {
    const capabilities = ['SYS_ADMIN', 'NET_ADMIN', 'SYS_PTRACE', 'SYS_BOOT'].flatMap((name) => [
      '--cap-add',
      name,
    ]);
    const boot = ['--restart', 'on-failure', '--entrypoint', '/sbin/init'];
    docker(['create', '--name', this.#name, ...boot, ...capabilities, ...options(), image]);
    docker(
      ['cp', '-', `${this.#name}:/`],
      await packOverlay(switchedOff.map((path) => ({ path, mode: 0o644, content: '' }))),
    );
    docker(['start', this.#name]);
    await this.booted();
    this.run(
      'install -d -m 0755 /opt/spot/releases /opt/spot/bin /var/log/spot; install -d -m 0700 /var/lib/spot',
    );
  }

  remove(): void {
    docker(['rm', '--force', '--volumes', this.#name]);
  }

  /** Loses its power and is switched on again. */
  async losePower(): Promise<void> {
    docker(['kill', this.#name]);
    docker(['start', this.#name]);
    await this.booted();
  }

  async booted(): Promise<void> {
    await this.until(`systemctl is-system-running | grep -qE 'running|degraded'`);
  }

  /** Output of a command that must succeed. */
  run(command: string): string {
    const { status, stdout, stderr } = this.attempt(command);
    if (status !== 0) throw new Error(`${command}: exit code ${status}: ${stderr}`);
    return stdout.toString();
  }

  attempt(command: string): { status: number | null; stdout: Buffer; stderr: Buffer } {
    return spawnSync('docker', ['exec', this.#name, 'bash', '-c', command], { maxBuffer: 1 << 28 });
  }

  /** Puts a release on the machine as delivery does, and returns its id. */
  async deliver(project: TestProject): Promise<string> {
    const release = releaseOf(project);
    const { id } = release;
    const record = recordOf(release, project);
    this.#records.set(id, record);
    const records = `${layout.state}/releases/${id}`;
    const placed: readonly PlacedFile[] = [
      { path: layout.runner, mode: 0o755, content: runnerText },
      { path: '/etc/systemd/system/spot-runner.service', mode: 0o644, content: runnerUnitText },
      {
        path: layout.machineEnvironment,
        mode: 0o600,
        content: `SPOT_INDEX=3\nSPOT_ZONE=${quoteShell("it's")}\n`,
      },
      { path: `${records}/plan.sh`, mode: 0o600, content: release.planText },
      { path: `${records}/release.json`, mode: 0o600, content: JSON.stringify(record) },
      { path: `${records}/files.sha256`, mode: 0o600, content: checksumFile(release) },
    ];
    this.run(
      `install -d -m 0700 ${layout.state}/releases ${records}; install -d -m 0755 ${layout.releases}/${id}`,
    );
    docker(
      ['exec', '-i', this.#name, 'tar', '-xpf', '-', '-C', `${layout.releases}/${id}`],
      await bundleOf(project),
    );
    docker(
      ['exec', '-i', this.#name, 'tar', '-xpf', '-', '-C', '/', '--no-overwrite-dir'],
      await packOverlay(placed),
    );
    return id;
  }

  activate(id: string): void {
    this.run(activateCommand(id));
  }

  /** Everything that following tells from `reader` on, until the release has ended or reboots. */
  follow(reader = new FollowReader()): readonly FollowRecord[] {
    const { stdout } = this.attempt(`timeout 60 ${followCommand(reader.next, reader.outputLines)}`);
    return reader.push(stdout);
  }

  /** Delivers, activates and follows to the end; what happened to the release, one phrase a change. */
  async deploy(project: TestProject): Promise<{ readonly id: string; readonly changes: readonly string[] }> {
    const id = await this.deliver(project);
    this.activate(id);
    return { id, changes: changesOf(this.follow(), id) };
  }

  facts(): MachineFacts {
    return parseFacts(this.attempt(factsCommand()).stdout);
  }

  report(): MachineReport | undefined {
    return parseReport(this.run(reportCommand()));
  }

  /** The checks of a release that do not hold. */
  failing(id: string): readonly Check[] {
    const record = this.#records.get(id);
    if (record === undefined) throw new Error(`${id} is not on this machine`);
    return judge(record, this.facts(), { release: id }).filter(({ ok }) => !ok);
  }

  /** Waits until the command succeeds. */
  async until(command: string): Promise<void> {
    for (let tries = 0; this.attempt(command).status !== 0; tries += 1) {
      if (tries > 300) throw new Error(`never true: ${command}`);
      await sleep(100);
    }
  }
}

/** `setup failed (7)`, for each change of a step of the release; `started` and `progress` are left out. */
export function changesOf(records: readonly FollowRecord[], release: string): readonly string[] {
  return records.flatMap((record) => {
    if (record.type !== 'journal' || record.line.release !== release) return [];
    const { step, state, exit } = record.line;
    if (state === 'started' || state === 'progress') return [];
    return [`${step} ${state}${exit === undefined ? '' : ` (${exit})`}`];
  });
}

/** What a step printed. */
export function outputOf(records: readonly FollowRecord[], step: string): readonly string[] {
  return records.flatMap((record) => (record.type === 'output' && record.step === step ? [record.text] : []));
}

function docker(args: readonly string[], input?: Buffer): void {
  execFileSync('docker', [...args], {
    ...(input !== undefined && { input }),
    stdio: ['pipe', 'pipe', 'pipe'],
  });
}

/** Where cgroups are version 1, systemd needs the host's tree; with version 2 a name space of its own. */
function options(): readonly string[] {
  const version = execFileSync('docker', ['info', '--format', '{{.CgroupVersion}}']).toString().trim();
  const cgroups =
    version === '1' ? ['--volume', '/sys/fs/cgroup:/sys/fs/cgroup:rw'] : ['--cgroupns', 'private'];
  const security = ['seccomp=unconfined', 'apparmor=unconfined'].flatMap((option) => [
    '--security-opt',
    option,
  ]);
  return [...security, ...['--tmpfs', '/run', '--tmpfs', '/run/lock'], ...cgroups];
}
