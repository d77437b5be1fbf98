import { randomBytes } from 'node:crypto';
import { join, resolve } from 'node:path';
import { serveApi } from './api/server.ts';
import { cacheFolder } from './cache-folder.ts';
import type { Cloud } from './cloud.ts';
import { openCloudStore } from './store/cloud-store.ts';

export interface RehearsalOptions {
  /** Where the cloud keeps its state, and what tells its machines from another's; see cache-folder.ts. */
  readonly cacheFolder?: string;
  /** Port of 127.0.0.1; 0, the default, takes any free one. */
  readonly port?: number;
  /** Told about what takes long, such as making the machine image. */
  readonly onProgress?: (text: string) => void;
  /** `none`: machines exist on paper only, and Docker is never called. */
  readonly machines?: 'docker' | 'none';
  /** How long after its launch a machine is not shown yet; 250 by default, as EC2 is eventually consistent. */
  readonly visibleAfterMs?: number;
  readonly now?: () => Date;
}

export interface RehearsalCloud {
  /** `http://127.0.0.1:NNNN`, for every region and service. */
  readonly endpoint: string;
  /** Of this opening only: nobody else on this computer is let in. */
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** Ends the API once what it is doing is done. Machines go on. */
  readonly close: () => Promise<void>;
}

const defaultVisibleAfterMs = 250;

/**
 * Opens the rehearsal cloud's API in this process. Cheap: the actions are loaded at the first request, and Docker
 * is called by the first action that needs it.
 * Errors: SPOT-E-PORT-TAKEN. Those of Docker are answers of the API, see apiErrorFrom.
 */
export async function openRehearsalCloud(options: RehearsalOptions = {}): Promise<RehearsalCloud> {
  let cloud: Promise<Cloud> | undefined;
  const credentials = freshCredentials();
  const api = await serveApi(options.port ?? 0, async (request) => {
    cloud ??= openCloud(options);
    const { dispatch } = await import('./api/dispatch.ts');
    return dispatch(await cloud, request, credentials.accessKeyId);
  });
  return { ...api, credentials };
}

/** The key id is what is compared, see requireKey; clients want a secret to sign with as well. */
function freshCredentials(): RehearsalCloud['credentials'] {
  return {
    accessKeyId: `LOCAL${randomBytes(16).toString('hex').toUpperCase()}`,
    secretAccessKey: 'rehearsal',
  };
}

async function openCloud(options: RehearsalOptions): Promise<Cloud> {
  const folder = rehearsalFolder(options);
  const { calmMarket } = await import('./world/market.ts');
  return {
    store: openCloudStore(folder),
    host: await openHost(options, folder),
    market: calmMarket,
    visibleAfterMs: options.visibleAfterMs ?? defaultVisibleAfterMs,
    now: options.now ?? (() => new Date()),
  };
}

async function openHost(options: RehearsalOptions, folder: string) {
  if (options.machines === 'none') {
    const { recordHost } = await import('./machines/record-host.ts');
    return recordHost();
  }
  const { dockerHost } = await import('./machines/docker-host.ts');
  return dockerHost(folder, options.onProgress ?? (() => undefined));
}

export interface Cleaned {
  readonly containers: number;
  readonly images: number;
}

/**
 * Removes every trace of a rehearsal cloud: its machines with their volumes, the images, its state. Images that
 * another cache folder's machines still run on stay.
 * Errors: SPOT-E-DOCKER-DOWN and SPOT-E-DOCKER-DENIED; no Docker at all means that there are no machines.
 */
export async function cleanRehearsalCloud(options: RehearsalOptions = {}): Promise<Cleaned> {
  const { removeContainers, removeImages } = await import('./machines/docker-clean.ts');
  const folder = rehearsalFolder(options);
  const containers = await removeContainers(folder);
  const images = await removeImages();
  await openCloudStore(folder).remove();
  return { containers, images };
}

function rehearsalFolder(options: RehearsalOptions): string {
  return join(resolve(options.cacheFolder ?? cacheFolder()), 'rehearsal');
}
