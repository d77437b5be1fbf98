import type { VerifyReport } from '../fleet/report.ts';
import type { Check } from '../machine/check.ts';
import { count } from './quantities.ts';
import { visibleText } from './safe-text.ts';
import { type Column, renderTable } from './table.ts';
import type { Look } from './terminal.ts';

/** `spot verify`: a numbered table of checks a machine, and for each that fails what was expected and what to do. */
export function verifyText({ machines, ok }: VerifyReport, look: Look): string {
  if (machines.length === 0) return 'No machines to verify. `spot create` launches them.\n';
  const sections = machines.map(({ id, checks }) => machineSection(id, checks, look));
  const failing = machines.filter(({ checks }) => !checks.every((check) => check.ok)).length;
  const verdict = ok
    ? look.paint.green(`${count(machines.length, 'machine')} verified: every check holds.`)
    : look.paint.red(`${failing} of ${count(machines.length, 'machine')} failed verification.`);
  return `${[...sections.flat(), verdict].join('\n')}\n`;
}

function machineSection(id: string, checks: readonly Check[], look: Look): readonly string[] {
  const { paint } = look;
  const failed = checks.filter((check) => !check.ok);
  const sum =
    failed.length === 0
      ? paint.green(`${count(checks.length, 'check')}, all hold`)
      : paint.red(`${failed.length} of ${count(checks.length, 'check')} failed`);
  return [
    `${paint.bold(`[${id}]`)}  ${sum}`,
    ...renderTable(columns(look), checks, look, 2),
    ...failed.flatMap((check) => ['', ...failureLines(check, look)]),
    '',
  ];
}

function columns({ paint }: Look): readonly Column<Check>[] {
  return [
    { title: 'N', cell: ({ n }) => String(n), align: 'right' },
    { title: ' ', cell: ({ ok }) => (ok ? paint.green('✓') : paint.red('✗')) },
    { title: 'CHECK', cell: ({ id }) => visibleText(id) },
    { title: 'FOUND', cell: ({ actual }) => visibleText(actual) },
  ];
}

function failureLines({ n, id, expected, actual, hint }: Check, { paint }: Look): readonly string[] {
  const field = (name: string, text: string) => `    ${paint.dim(name.padEnd(10))}${visibleText(text)}`;
  return [
    `  ${paint.red(`✗ ${n}  ${visibleText(id)}`)}`,
    field('expected', expected),
    field('found', actual),
    ...(hint === '' ? [] : [field('next', hint)]),
  ];
}
