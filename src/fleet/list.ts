import { aliveStates, type CloudMachine } from '../cloud/machines.ts';
import { spotPrices } from '../cloud/spot-price.ts';
import { tagKeys } from '../cloud/tags.ts';
import { reasonOf } from '../errors/spot-error.ts';
import type { MachineReport } from '../machine/report.ts';
import type { MachinePhase } from './events.ts';
import { type Fleet, regionsOf } from './fleet.ts';
import { endpointsOf } from './machine-name.ts';
import type { ListReport, MachineRow } from './report.ts';
import { Survey } from './survey.ts';

/** The machines of a deployment: asked of the cloud by tag, then merged with what each reports about itself. */
export async function list(fleet: Fleet): Promise<ListReport> {
  const survey = new Survey(fleet);
  // SSH takes as long to load as the cloud takes to answer; without machines it is not needed at all.
  const asking = fleet.state.machines().length > 0 ? import('./ask-report.ts') : undefined;
  const { machines: all, failures } = await survey.reachable();
  fleet.signal.throwIfAborted();
  if (failures.length > 0 && failures.length === regionsOf(fleet).length) throw failures[0]?.error;
  for (const { region, error } of failures) {
    fleet.emit({ type: 'warning', text: `${region} cannot be asked: ${reasonOf(error)}` });
  }
  const machines = all.filter(({ state }) => aliveStates.includes(state) || state === 'shutting-down');
  const [prices, reports] = await Promise.all([
    pricesOf(fleet, machines),
    Promise.all(machines.map(async (machine) => (await asking)?.reportIfReachable(fleet, survey, machine))),
  ]);
  const rows = machines.map((machine, position) => row(fleet, machine, prices, reports[position]));
  return {
    schema: 'spot-deployer/list/v1',
    deployment: fleet.name,
    machines: rows.sort((a, b) => indexOf(fleet, a.id) - indexOf(fleet, b.id) || (a.id < b.id ? -1 : 1)),
  };
}

async function pricesOf(
  fleet: Fleet,
  machines: readonly CloudMachine[],
): Promise<ReadonlyMap<string, number>> {
  const maps = await Promise.all(
    regionsOf(fleet).map(async (region) => {
      const types = [
        ...new Set(machines.filter((machine) => machine.region === region).map(({ type }) => type)),
      ];
      return types.length === 0 ? [] : [...(await spotPrices(fleet.clients, region, types))];
    }),
  );
  return new Map(maps.flat());
}

function row(
  fleet: Fleet,
  machine: CloudMachine,
  prices: ReadonlyMap<string, number>,
  report: MachineReport | undefined,
): MachineRow {
  const record = fleet.state.machine(machine.id);
  return {
    id: machine.id,
    region: machine.region,
    zone: machine.zone,
    type: machine.type,
    state: machine.state,
    address: machine.publicAddress,
    endpoints: endpointsOf(machine, fleet.settings.ports),
    release: report?.release ?? record?.release ?? machine.tags[tagKeys.release],
    phase: phaseOf(machine, report, record?.phase),
    health: report?.health ?? 'unknown',
    launchedAt: machine.launchedAt,
    price: prices.get(`${machine.type}/${machine.zone}`),
    orphan: record === undefined,
  };
}

function phaseOf(
  machine: CloudMachine,
  report: MachineReport | undefined,
  recorded: string | undefined,
): MachinePhase | 'unknown' {
  if (machine.state === 'pending') return 'booting';
  if (machine.state === 'shutting-down') return 'destroying';
  if (report && report.phase !== 'unknown') return report.phase;
  return recorded === 'launched' ? 'connecting' : 'unknown';
}

function indexOf(fleet: Fleet, id: string): number {
  return fleet.state.machine(id)?.index ?? Number.MAX_SAFE_INTEGER;
}
