import { setTimeout as sleep } from 'node:timers/promises';
import { aliveStates, type CloudMachine } from '../cloud/machines.ts';
import { SpotError } from '../errors/spot-error.ts';
import type { Fleet } from './fleet.ts';
import { resumeIntent, visibleAfterMilliseconds } from './intent.ts';
import type { LaunchTerms } from './launch-request.ts';
import type { Survey } from './survey.ts';

/**
 * Makes what this computer knows agree with what exists: finishes launches that a killed process left open, and
 * forgets machines that have ended.
 * @returns the living machines of the deployment, all of which this computer can reach
 * @throws SPOT-E-MACHINE-FOREIGN
 */
export async function reconcile(
  fleet: Fleet,
  survey: Survey,
  terms: () => Promise<LaunchTerms>,
): Promise<readonly CloudMachine[]> {
  for (const intent of fleet.state.intents()) {
    fleet.emit({ type: 'notice', text: `Finishing a launch in ${intent.region} that was cut off.` });
    await resumeIntent(fleet, terms, intent);
  }
  const machines = await visible(fleet, survey);
  const alive = machines.filter(({ state }) => aliveStates.includes(state));
  const aliveIds = new Set(alive.map(({ id }) => id));
  const ended = fleet.state.machines().filter(({ id }) => !aliveIds.has(id));
  fleet.state.forgetMachines(ended.map(({ id }) => id));
  refuseForeign(fleet, alive);
  return alive;
}

/** Right after a launch the cloud may not show a machine yet; its record is young then and must not be forgotten. */
async function visible(fleet: Fleet, survey: Survey): Promise<readonly CloudMachine[]> {
  const launched = fleet.state.machines().map(({ launchedAt }) => Date.parse(launchedAt));
  const settledBy = Math.max(0, ...launched) + visibleAfterMilliseconds;
  for (;;) {
    const machines = await survey.everything();
    const shown = new Set(machines.map(({ id }) => id));
    if (Date.now() > settledBy || fleet.state.machines().every(({ id }) => shown.has(id))) return machines;
    await sleep(300, undefined, { signal: fleet.signal });
  }
}

function refuseForeign(fleet: Fleet, alive: readonly CloudMachine[]): void {
  const foreign = alive.filter(({ id }) => fleet.state.machine(id) === undefined);
  if (foreign.length === 0) return;
  const [carry, were] = foreign.length === 1 ? ['machine carries', 'was'] : ['machines carry', 'were'];
  throw new SpotError('SPOT-E-MACHINE-FOREIGN', {
    message: `${foreign.length} ${carry} the name ${fleet.name} but ${were} not launched from this folder, or its .spot/state was removed: ${foreign.map(({ id, region }) => `${id} (${region})`).join(', ')}.`,
    where: fleet.root,
  });
}
