import { createHash } from 'node:crypto';
import type { MachinePlan, PackagesStep, ScriptStep, Step } from '../machine/plan.ts';
import { renderPlan } from '../machine/plan-text.ts';
import type { Deployment, ProjectEntry, Script } from '../project/deployment.ts';
import type { RecordedEntry, Release, ReleaseRecord } from './release.ts';

/** Room that the system, packages and logs need beside the bundle. */
const spareMegabytes = 512;
/** How long a port may take to be listened on once the scripts are through. */
const healthTimeoutSeconds = 120;

/**
 * Compiles a deployment into what runs on its machines. Pure: no file, clock or network; the same deployment
 * gives the same bytes and the same id everywhere.
 */
export function compile(deployment: Deployment): Release {
  const { entries } = deployment;
  const plan: MachinePlan = { deployment: deployment.name, steps: steps(deployment) };
  const planText = renderPlan(plan);
  return { id: releaseId(entries, planText), entries, plan, planText };
}

/** The release as it is kept on the machine and in the state folder; see {@link ReleaseRecord}. */
export function releaseRecord(release: Release, deployment: Deployment): ReleaseRecord {
  return {
    schema: 'spot-deployer/release/v1',
    id: release.id,
    deployment: deployment.name,
    entries: release.entries.map(recordEntry),
    ports: deployment.ports,
    steps: release.plan.steps.map((step) => step.id),
  };
}

function steps(deployment: Deployment): readonly Step[] {
  const bytes = deployment.entries.reduce((sum, entry) => sum + (entry.type === 'file' ? entry.size : 0), 0);
  // The bundle is unpacked beside the upload: for a moment its files are there twice.
  const minimumFreeMegabytes = Math.ceil((2 * bytes) / 1e6) + spareMegabytes;
  return [
    { kind: 'preflight', id: 'preflight', minimumFreeMegabytes },
    ...packagesSteps(deployment),
    { kind: 'files', id: 'files' },
    ...deployment.scripts.map(scriptStep),
    { kind: 'health', id: 'health', ports: deployment.ports, timeoutSeconds: healthTimeoutSeconds },
    { kind: 'finish', id: 'finish', reboot: deployment.reboot },
  ];
}

function packagesSteps({ packages }: Deployment): readonly PackagesStep[] {
  return packages.length === 0 ? [] : [{ kind: 'packages', id: 'packages', packages }];
}

function scriptStep(script: Script): ScriptStep {
  return { kind: 'script', ...script };
}

/**
 * One JSON line for each entry, an empty line, the plan: JSON escapes line breaks, so no two different releases are
 * written alike. Fields stand in a fixed order.
 */
function releaseId(entries: readonly ProjectEntry[], planText: string): string {
  const hash = createHash('sha256');
  for (const entry of entries) hash.update(`${JSON.stringify(identity(entry))}\n`);
  hash.update(`\n${planText}`);
  return hash.digest('hex').slice(0, 12);
}

function identity(entry: ProjectEntry): readonly (string | number)[] {
  switch (entry.type) {
    case 'file':
      return ['file', entry.path, entry.mode, entry.size, entry.sha256];
    case 'directory':
      return ['directory', entry.path, entry.mode];
    case 'symlink':
      return ['symlink', entry.path, entry.target];
  }
}

function recordEntry(entry: ProjectEntry): RecordedEntry {
  if (entry.type !== 'file') return entry;
  const { type, path, mode, size } = entry;
  return entry.secret ? { type, path, mode, size } : { type, path, mode, size, sha256: entry.sha256 };
}
