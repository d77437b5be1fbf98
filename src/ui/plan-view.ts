import type { PlanReport } from '../fleet/plan.ts';
import { byteSize, count } from './quantities.ts';
import { visibleText } from './safe-text.ts';
import { type Column, renderTable } from './table.ts';
import type { Look } from './terminal.ts';

/** EC2 takes at most so many bytes of user data, before base64. */
const userDataLimit = 16_384;

/** `spot plan`: what would be launched, uploaded, run and opened; every file with its mode and size. */
export function planText(plan: PlanReport, look: Look): string {
  const { paint } = look;
  const title = (name: string, about: string) => ['', `${paint.bold(name.padEnd(8))}${about}`];
  const wanted = plan.launch.reduce((sum, row) => sum + missing(row), 0);
  const files = plan.files.filter(({ type }) => type === 'file').length;
  const cloud = plan.cloud === 'local' ? 'the rehearsal cloud' : plan.cloud.toUpperCase();
  const lines = [
    `${paint.bold(plan.deployment)}  ${plan.mode} mode, on ${cloud}, release ${plan.release}`,
    ...title('Launch', wanted === 0 ? 'nothing: every machine is there' : count(wanted, 'machine')),
    ...renderTable(launchColumns, plan.launch, look, 8),
    ...title('Upload', `${count(files, 'file')}, ${byteSize(plan.bytes)}`),
    ...renderTable(fileColumns(look), plan.files, look, 8),
    ...title('Run', `${count(plan.steps.length, 'step')} on each machine`),
    ...renderTable(stepColumns, plan.steps, look, 8),
    ...title('Open', plan.opens.length === 0 ? 'no port' : count(plan.opens.length, 'port')),
    ...(plan.opens.length === 0 ? [] : renderTable(portColumns, plan.opens, look, 8)),
    ...title(
      'Boot',
      `${plan.userDataBytes.toLocaleString('en-US')} of ${userDataLimit.toLocaleString('en-US')} bytes of user data`,
    ),
  ];
  if (plan.notices.length > 0) {
    lines.push(...title('Note', ''), ...plan.notices.map((notice) => `        ${visibleText(notice)}`));
  }
  lines.push('', 'Nothing was touched. `spot create` does it.');
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`;
}

type LaunchRow = PlanReport['launch'][number];

function missing({ wanted, existing }: LaunchRow): number {
  return Math.max(0, wanted - existing);
}

const launchColumns: readonly Column<LaunchRow>[] = [
  { title: 'REGION', cell: ({ region }) => region },
  { title: 'TYPE', cell: ({ type }) => type },
  { title: 'IMAGE', cell: ({ image }) => image },
  { title: 'WANTED', cell: ({ wanted }) => String(wanted), align: 'right' },
  { title: 'EXISTING', cell: ({ existing }) => String(existing), align: 'right' },
  { title: 'TO LAUNCH', cell: (row) => String(missing(row)), align: 'right' },
];

function fileColumns({ paint }: Look): readonly Column<PlanReport['files'][number]>[] {
  return [
    { title: 'MODE', cell: ({ mode }) => mode },
    { title: 'SIZE', cell: ({ type, size }) => (type === 'file' ? byteSize(size) : type), align: 'right' },
    {
      title: 'PATH',
      cell: ({ path, type, secret }) =>
        `${visibleText(path)}${type === 'directory' ? '/' : ''}${secret ? paint.yellow('  secret') : ''}`,
    },
  ];
}

const stepColumns: readonly Column<PlanReport['steps'][number]>[] = [
  { title: 'STEP', cell: ({ id }) => id },
  { title: 'WHAT', cell: ({ title }) => visibleText(title) },
  { title: 'COMMAND', cell: ({ command }) => (command ?? []).map(argument).join(' ') },
];

const portColumns: readonly Column<PlanReport['opens'][number]>[] = [
  { title: 'PORT', cell: ({ port }) => `${port}/tcp`, align: 'right' },
  { title: 'FROM', cell: ({ from }) => from.join(', ') || 'nowhere' },
];

/** An argument as it would be typed, quoted where a reader could take it for two. Shown only, never run. */
function argument(text: string): string {
  return /^[\w@%+=:,./-]+$/u.test(text) ? text : JSON.stringify(text);
}
