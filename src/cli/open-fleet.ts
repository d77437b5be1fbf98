import { basename } from 'node:path';
import { Clients } from '../cloud/clients.ts';
import type { CloudTarget } from '../cloud/cloud-target.ts';
import { loadSettings } from '../config/load-settings.ts';
import type { Emit } from '../fleet/events.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { nameFromFolder } from '../project/deployment-name.ts';
import { findProject, projectAt } from '../project/find-project.ts';
import { DeploymentState } from '../state/deployment-state.ts';

/** The options that every command takes. */
export interface GlobalOptions {
  readonly project?: string;
  readonly config?: string;
  readonly local: boolean;
  readonly yes: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly color: boolean;
  readonly json: boolean;
}

/**
 * Finds the project, reads its settings and opens the cloud that they name. The one place that knows the rehearsal
 * cloud exists: to everything else it is an endpoint.
 */
export async function openFleet(
  options: GlobalOptions,
  emit: Emit,
  signal: AbortSignal,
): Promise<{ fleet: Fleet; close: () => Promise<void> }> {
  const root = options.project === undefined ? findProject(process.cwd()) : projectAt(options.project);
  const settings = await loadSettings({
    root,
    ...(options.config !== undefined && { configPath: options.config }),
    env: process.env,
    flags: { local: options.local },
  });
  const { target, close } = settings.cloud === 'local' ? await openRehearsal(emit) : awsTarget;
  const clients = new Clients(target);
  const name = settings.name ?? nameFromFolder(basename(root));
  return {
    fleet: {
      name,
      root,
      settings,
      clients,
      state: new DeploymentState(root, target.name, name),
      emit,
      signal,
    },
    close: async () => {
      clients.close();
      await close();
    },
  };
}

interface OpenTarget {
  readonly target: CloudTarget;
  readonly close: () => Promise<void>;
}

const awsTarget: OpenTarget = { target: { name: 'aws' }, close: async () => {} };

async function openRehearsal(emit: Emit): Promise<OpenTarget> {
  const { openRehearsalCloud } = await import('../rehearsal/rehearsal-cloud.ts');
  const cloud = await openRehearsalCloud({ onProgress: (text) => emit({ type: 'notice', text }) });
  const { endpoint, credentials } = cloud;
  return { target: { name: 'local', endpoint, credentials }, close: () => cloud.close() };
}
