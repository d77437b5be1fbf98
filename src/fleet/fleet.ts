import type { Clients } from '../cloud/clients.ts';
import type { Settings } from '../config/settings.ts';
import type { DeploymentState } from '../state/deployment-state.ts';
import type { Emit } from './events.ts';

/** What every use case works with: one deployment, the cloud it lives in, what this computer knows, and who listens. */
export interface Fleet {
  /** Name of the deployment. */
  readonly name: string;
  /** Absolute path of the project folder. */
  readonly root: string;
  readonly settings: Settings;
  readonly clients: Clients;
  readonly state: DeploymentState;
  readonly emit: Emit;
  /** Aborted when the user wants to stop. */
  readonly signal: AbortSignal;
}

/** The regions in which machines of the deployment can be: those of the settings, and those used before. */
export function regionsOf(fleet: Fleet): readonly string[] {
  const configured = fleet.settings.regions.map(({ region }) => region);
  return [...new Set([...configured, ...fleet.state.regions()])];
}
