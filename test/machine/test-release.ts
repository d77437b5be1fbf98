import { createHash, randomBytes } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { pack } from 'tar-stream';
import { renderPlan } from '../../src/machine/plan-text.ts';
import type { ProjectEntry } from '../../src/project/deployment.ts';
import type { Release, ReleaseRecord } from '../../src/release/release.ts';

/** What a test deploys; whatever is left out is as simple as can be. */
export interface TestProject {
  readonly script: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly symlinks?: Readonly<Record<string, string>>;
  readonly title?: string;
  readonly ports?: readonly number[];
  readonly reboot?: boolean;
  readonly timeoutSeconds?: number;
  readonly healthSeconds?: number;
  readonly packages?: readonly string[];
}

const scriptPath = 'deployment/setup.sh';

function filesOf(project: TestProject): Readonly<Record<string, string>> {
  return { [scriptPath]: project.script, ...project.files };
}

/** The project compiled, with limits short enough for a test and an id of its own. */
export function releaseOf(project: TestProject): Release {
  const files = Object.entries(filesOf(project)).map(([path, content]): ProjectEntry => {
    const sha256 = createHash('sha256').update(content).digest('hex');
    return { type: 'file', path, mode: 0o644, size: Buffer.byteLength(content), sha256, secret: false };
  });
  const symlinks = Object.entries(project.symlinks ?? {}).map(
    ([path, target]): ProjectEntry => ({ type: 'symlink', path, target }),
  );
  const plan: Release['plan'] = {
    deployment: 'test',
    steps: [
      { kind: 'preflight', id: 'preflight', minimumFreeMegabytes: 10 },
      ...(project.packages === undefined
        ? []
        : [{ kind: 'packages' as const, id: 'packages' as const, packages: project.packages }]),
      { kind: 'files', id: 'files' },
      {
        kind: 'script',
        id: 'setup',
        title: project.title ?? scriptPath,
        command: ['bash', scriptPath],
        timeoutSeconds: project.timeoutSeconds ?? 60,
        adopt: true,
      },
      {
        kind: 'health',
        id: 'health',
        ports: project.ports ?? [],
        timeoutSeconds: project.healthSeconds ?? 20,
      },
      { kind: 'finish', id: 'finish', reboot: project.reboot ?? false },
    ],
  };
  return {
    id: randomBytes(6).toString('hex'),
    entries: [...files, ...symlinks],
    plan,
    planText: renderPlan(plan),
  };
}

/** The release as it is recorded. */
export function recordOf(release: Release, project: TestProject): ReleaseRecord {
  return {
    schema: 'spot-deployer/release/v1',
    id: release.id,
    deployment: 'test',
    entries: release.entries.map((entry) => {
      if (entry.type !== 'file') return entry;
      const { secret, ...recorded } = entry;
      return recorded;
    }),
    ports: project.ports ?? [],
    steps: release.plan.steps.map((step) => step.id),
  };
}

/** The project as delivery unpacks it: an uncompressed tar. */
export async function bundleOf(project: TestProject): Promise<Buffer> {
  const archive = pack();
  for (const [name, content] of Object.entries(filesOf(project)))
    archive.entry({ name, mode: 0o644 }, content);
  for (const [name, linkname] of Object.entries(project.symlinks ?? {})) {
    archive.entry({ name, type: 'symlink', linkname });
  }
  archive.finalize();
  return buffer(archive);
}
