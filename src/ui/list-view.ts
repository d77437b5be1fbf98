import type { ListReport, MachineRow } from '../fleet/report.ts';
import { endpointUrls } from './endpoint-url.ts';
import type { Paint } from './paint.ts';
import { phaseCounts } from './phase-style.ts';
import { count, elapsed } from './quantities.ts';
import { type Column, renderTable } from './table.ts';
import type { Look } from './terminal.ts';

/** `spot list`: a line that sums it up, a row a machine, and what needs attention. */
export function listText({ deployment, machines }: ListReport, look: Look): string {
  if (machines.length === 0) return `${deployment}: no machines. \`spot create\` launches them.\n`;
  const lines = [
    headline(deployment, machines, look.paint),
    '',
    ...renderTable(columns(look), machines, look, 2),
  ];
  const orphans = machines.filter(({ orphan }) => orphan).map(({ id }) => id);
  if (orphans.length > 0) {
    lines.push(
      '',
      `${look.paint.yellow('Unknown to this folder')} (launched elsewhere, or by a run that was cut short): ${orphans.join(', ')}`,
    );
  }
  return `${lines.join('\n')}\n`;
}

function headline(deployment: string, machines: readonly MachineRow[], paint: Paint): string {
  const regions = new Set(machines.map(({ region }) => region)).size;
  const phases = phaseCounts(machines.map(({ phase }) => phase).filter((phase) => phase !== 'unknown'));
  const about = `${count(machines.length, 'machine')} in ${count(regions, 'region')}`;
  return `${paint.bold(deployment)}  ${about}${phases === '' ? '' : `: ${phases}`}`;
}

function columns({ paint, now }: Look): readonly Column<MachineRow>[] {
  return [
    { title: 'MACHINE', cell: ({ id }) => id },
    { title: 'ZONE', cell: ({ zone, region }) => zone || region, expendable: 5 },
    { title: 'TYPE', cell: ({ type }) => type, expendable: 2 },
    { title: 'STATE', cell: ({ state }) => state, expendable: 6 },
    { title: 'PHASE', cell: ({ phase }) => phase },
    { title: 'HEALTH', cell: ({ health }) => healthCell(health, paint) },
    { title: 'RELEASE', cell: ({ release }) => release ?? '-', expendable: 3 },
    {
      title: 'AGE',
      cell: ({ launchedAt }) => elapsed(now - Date.parse(launchedAt)),
      align: 'right',
      expendable: 4,
    },
    {
      title: 'USD/H',
      cell: ({ price }) => (price === undefined ? '-' : price.toFixed(4)),
      align: 'right',
      expendable: 1,
    },
    { title: 'ADDRESS', cell: ({ address }) => address ?? '-', expendable: 7 },
    { title: 'ENDPOINTS', cell: ({ endpoints }) => endpointUrls(endpoints) || '-' },
  ];
}

function healthCell(health: MachineRow['health'], paint: Paint): string {
  if (health === 'ok') return paint.green(health);
  return health === 'failing' ? paint.red(health) : paint.dim(health);
}
