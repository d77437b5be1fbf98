import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Deployment } from '../project/deployment.ts';
import { discover } from '../project/discover.ts';
import { secretFiles, writeBundle } from '../release/bundle.ts';
import { compile } from '../release/compile.ts';
import type { Release } from '../release/release.ts';
import type { Fleet } from './fleet.ts';
import { rehearsalNotices } from './launch-image.ts';
import type { Parcel } from './parcel.ts';
import { type Redact, redactorOf } from './redaction.ts';

export interface Prepared {
  readonly deployment: Deployment;
  readonly release: Release;
}

/** Reads the project and compiles it: no network, nothing written. What `plan` shows and `create` does. */
export async function prepare(fleet: Fleet): Promise<Prepared> {
  const deployment = await discover(fleet.root, fleet.settings);
  const notices = [...deployment.notices, ...rehearsalNotices(fleet.clients.target.name, fleet.settings)];
  for (const text of notices) fleet.emit({ type: 'notice', text });
  return { deployment, release: compile(deployment) };
}

/** A parcel being packed. `dispose` removes its bundle from disk again: it is as large as the project. */
export interface Packing {
  readonly parcel: Parcel;
  readonly redact: Redact;
  readonly dispose: () => void;
}

/** Packs a release for delivery: the bundle in a file of the state folder, the secrets in memory. */
export async function packParcel(fleet: Fleet, deployment: Deployment, release: Release): Promise<Packing> {
  const path = join(fleet.state.folder, 'bundle.tar');
  const [{ size }, secrets] = await Promise.all([writeBundle(deployment, path), secretFiles(deployment)]);
  return {
    parcel: { deployment, release, bundle: { path, size }, secrets },
    redact: redactorOf(secrets.map(({ content }) => content)),
    dispose: () => rmSync(path, { force: true }),
  };
}
