import { aliveStates } from '../cloud/machines.ts';
import { type Step, stepTitle } from '../machine/plan.ts';
import type { Deployment, ProjectEntry } from '../project/deployment.ts';
import { renderUserData } from '../release/user-data.ts';
import { distribute, missing } from './distribute.ts';
import type { Fleet } from './fleet.ts';
import { launchImage, rehearsalNotices } from './launch-image.ts';
import { prepare } from './prepare.ts';
import { Survey } from './survey.ts';

/** What `create` would do; with `--json` exactly this. */
export interface PlanReport {
  readonly schema: 'spot-deployer/plan/v1';
  readonly deployment: string;
  readonly mode: Deployment['mode'];
  readonly cloud: string;
  readonly release: string;
  readonly launch: readonly {
    readonly region: string;
    readonly type: string;
    readonly image: string;
    /** Machines that there would be afterwards. */
    readonly wanted: number;
    readonly existing: number;
  }[];
  readonly files: readonly {
    readonly path: string;
    readonly type: ProjectEntry['type'];
    /** Four octal digits: `0644`. */
    readonly mode: string;
    /** Bytes. */
    readonly size: number;
    readonly secret: boolean;
  }[];
  /** Sum of the files' sizes. */
  readonly bytes: number;
  readonly steps: readonly {
    readonly id: string;
    readonly title: string;
    readonly command?: readonly string[];
  }[];
  readonly opens: readonly { readonly port: number; readonly from: readonly string[] }[];
  readonly userDataBytes: number;
  readonly notices: readonly string[];
}

/** Compiles what `create` would compile and asks which machines exist; changes nothing anywhere. */
export async function plan(fleet: Fleet, options: { count?: number }): Promise<PlanReport> {
  const { settings } = fleet;
  const { deployment, release } = await prepare({ ...fleet, emit: () => {} });
  const existing = (await new Survey(fleet).everything()).filter(({ state }) => aliveStates.includes(state));
  const here = (region: string) => existing.filter((machine) => machine.region === region).length;
  const wanted = distribute(settings.regions, options.count ?? settings.totalInstances);
  const launches = missing(wanted, new Map(settings.regions.map(({ region }) => [region, here(region)])));
  const files = release.entries.map(fileRow);
  return {
    schema: 'spot-deployer/plan/v1',
    deployment: fleet.name,
    mode: deployment.mode,
    cloud: settings.cloud,
    release: release.id,
    launch: settings.regions.map((each) => ({
      region: each.region,
      type: each.machineType,
      image: launchImage(fleet.clients.target.name, each),
      wanted: here(each.region) + (launches.get(each.region) ?? 0),
      existing: here(each.region),
    })),
    files,
    bytes: files.reduce((total, { size }) => total + size, 0),
    steps: release.plan.steps.map(stepRow),
    opens: [
      { port: 22, from: settings.ssh.allow === 'auto' ? ['this computer'] : settings.ssh.allow },
      ...settings.ports.map((port) => ({ port, from: ['anywhere'] })),
    ],
    userDataBytes: userDataBytes(fleet, deployment),
    notices: [...deployment.notices, ...rehearsalNotices(fleet.clients.target.name, settings)],
  };
}

function fileRow(entry: ProjectEntry): PlanReport['files'][number] {
  const mode = entry.type === 'symlink' ? 0o777 : entry.mode;
  return {
    path: entry.path,
    type: entry.type,
    mode: mode.toString(8).padStart(4, '0'),
    size: entry.type === 'file' ? entry.size : 0,
    secret: entry.type === 'file' && entry.secret,
  };
}

function stepRow(step: Step): PlanReport['steps'][number] {
  const row = { id: step.id, title: stepTitle(step) };
  return step.kind === 'script' ? { ...row, command: step.command } : row;
}

/** Keys differ from launch to launch but not in length: sample ones give the size. */
function userDataBytes(fleet: Fleet, { packages }: Deployment): number {
  const { username, ttlSeconds } = fleet.settings;
  const publicKey = `ssh-ed25519 ${'A'.repeat(68)}`;
  const privateKey = `-----BEGIN OPENSSH PRIVATE KEY-----\n${`${'A'.repeat(70)}\n`.repeat(5)}-----END OPENSSH PRIVATE KEY-----\n`;
  const text = renderUserData({
    username,
    authorizedKeys: [publicKey],
    hostKey: { privateKey, publicKey },
    packages,
    ttlSeconds,
  });
  return Buffer.byteLength(text);
}
