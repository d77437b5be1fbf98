import type { CloudMachine } from '../cloud/machines.ts';
import { layout } from '../machine/layout.ts';
import { runnerText, runnerUnitText } from '../machine/payload.ts';
import { quoteShell } from '../machine/shell.ts';
import type { Deployment, FileEntry } from '../project/deployment.ts';
import { checksumFile } from '../release/checksum-file.ts';
import { releaseRecord } from '../release/compile.ts';
import type { PlacedFile } from '../release/overlay.ts';
import type { Release } from '../release/release.ts';

/** A release ready to be sent: the bundle on disk, the secrets in memory only. */
export interface Parcel {
  readonly deployment: Deployment;
  readonly release: Release;
  readonly bundle: { readonly path: string; readonly size: number };
  readonly secrets: readonly { readonly entry: FileEntry; readonly content: Buffer }[];
}

/**
 * What goes to a machine beside the bundle: the plan and the records of the release, the runner, the secrets, and
 * the one file that differs from machine to machine.
 * @param releaseFolder where the bundle has been unpacked to
 */
export function placedFiles(
  parcel: Parcel,
  machine: CloudMachine,
  index: number,
  releaseFolder: string,
): PlacedFile[] {
  const { deployment, release } = parcel;
  const records = `${layout.state}/releases/${release.id}`;
  return [
    { path: layout.runner, mode: 0o755, content: runnerText },
    { path: '/etc/systemd/system/spot-runner.service', mode: 0o644, content: runnerUnitText },
    {
      path: layout.machineEnvironment,
      mode: 0o600,
      content: machineEnvironment(deployment.name, machine, index),
    },
    { path: `${records}/plan.sh`, mode: 0o600, content: release.planText },
    {
      path: `${records}/release.json`,
      mode: 0o600,
      content: JSON.stringify(releaseRecord(release, deployment)),
    },
    { path: `${records}/files.sha256`, mode: 0o600, content: checksumFile(release) },
    // NUL after each, as bash reads it.
    {
      path: `${records}/secrets`,
      mode: 0o600,
      content: parcel.secrets.map(({ entry }) => `${entry.path}\0`).join(''),
    },
    ...parcel.secrets.map(({ entry, content }) => ({
      path: `${releaseFolder}/${entry.path}`,
      mode: entry.mode,
      content,
    })),
  ];
}

/** INSTANCE_ID stands beside SPOT_MACHINE_ID because first-generation scripts read it under that name. */
function machineEnvironment(deployment: string, machine: CloudMachine, index: number): string {
  const variables = {
    SPOT_DEPLOYMENT: deployment,
    SPOT_MACHINE_ID: machine.id,
    SPOT_REGION: machine.region,
    SPOT_ZONE: machine.zone,
    SPOT_INDEX: String(index),
    SPOT_ADDRESS: machine.publicAddress ?? '',
    SPOT_PRIVATE_ADDRESS: machine.privateAddress ?? '',
    SPOT_MACHINE_TYPE: machine.type,
    INSTANCE_ID: machine.id,
  };
  return Object.entries(variables)
    .map(([name, value]) => `${name}=${quoteShell(value)}\n`)
    .join('');
}
