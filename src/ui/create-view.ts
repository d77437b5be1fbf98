import type { CreateResult, MachineRow } from '../fleet/report.ts';
import { endpointUrls } from './endpoint-url.ts';
import { count, duration } from './quantities.ts';
import { type Column, renderTable } from './table.ts';
import type { Look } from './terminal.ts';

/** The end of `spot create`: what there is now, where it answers, and what to do next. */
export function createText(result: CreateResult, detached: boolean, look: Look): string {
  const lines = [headline(result, detached, look)];
  if (result.machines.length > 0) {
    lines.push('', ...renderTable(columns(look), result.machines, look, 2));
  }
  const first = result.machines.find(({ phase }) => phase === 'ready') ?? result.machines[0];
  if (first !== undefined) {
    const next = detached ? 'spot verify' : `spot logs ${first.id} -f`;
    lines.push('', look.paint.dim(`Next: \`${next}\`, \`spot ssh ${first.id}\`, \`spot destroy\``));
  }
  return `${lines.join('\n')}\n`;
}

function headline(result: CreateResult, detached: boolean, { paint }: Look): string {
  const { deployment, release, machines, failures, seconds } = result;
  const time = duration(seconds * 1000);
  if (detached && failures.length === 0) {
    const [run, they] = machines.length === 1 ? ['runs', 'it is'] : ['run', 'they are'];
    const alone = `${count(machines.length, 'machine')} ${run} on alone after ${time}`;
    return `${paint.green('✓')} ${paint.bold(deployment)}: ${alone} (release ${release}); \`spot verify\` tells when ${they} done`;
  }
  const ready = machines.filter(({ phase }) => phase === 'ready').length;
  if (failures.length === 0) {
    return `${paint.green('✓')} ${paint.bold(deployment)}: ${count(ready, 'machine')} ready in ${time} (release ${release})`;
  }
  const failed = `${count(failures.length, 'failure')} after ${time} (release ${release})`;
  return `${paint.red('✗')} ${paint.bold(deployment)}: ${count(ready, 'machine')} ready, ${failed}`;
}

function columns({ paint }: Look): readonly Column<MachineRow>[] {
  return [
    { title: 'MACHINE', cell: ({ id }) => id },
    { title: 'ZONE', cell: ({ zone, region }) => zone || region, expendable: 2 },
    { title: 'TYPE', cell: ({ type }) => type, expendable: 1 },
    { title: 'PHASE', cell: ({ phase }) => (phase === 'ready' ? paint.green(phase) : phase) },
    { title: 'ADDRESS', cell: ({ address }) => address ?? '-', expendable: 3 },
    { title: 'ENDPOINTS', cell: ({ endpoints }) => paint.cyan(endpointUrls(endpoints)) || '-' },
  ];
}
