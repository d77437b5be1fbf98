import { clip, displayWidth, padEnd, padStart } from './display-width.ts';
import { machineLabel, shortMachineLabel } from './machine-label.ts';
import type { Paint } from './paint.ts';
import { isUnderWay, phaseCounts, phaseRank, phaseSymbol } from './phase-style.ts';
import type { MachineProgress, Progress, StageProgress, UploadProgress } from './progress-model.ts';
import { byteSize, elapsed } from './quantities.ts';
import { visibleText } from './safe-text.ts';

/** Below this many columns ids are shortened, so that what a machine is doing still has room. */
const wide = 120;
/** Below this many the zone goes as well. */
const narrow = 72;

/**
 * The live rows: the stage, then a row a machine, in at most `height` lines of at most `width` columns. Where
 * not every machine fits, the failed and the busiest are shown and the others counted.
 */
export function progressRows(
  progress: Progress,
  now: number,
  width: number,
  height: number,
  paint: Paint,
): readonly string[] {
  const stage = progress.stage === undefined ? [] : [stageRow(progress.stage, now, paint)];
  const { shown, others } = choose([...progress.machines.values()], height - stage.length);
  const columns = columnWidths(shown, width, now);
  const rows = shown.map((machine) => machineRow(machine, columns, now, paint));
  const more =
    others.length === 0
      ? []
      : [paint.dim(`    … and ${others.length} more: ${phaseCounts(others.map(({ phase }) => phase))}`)];
  return [...stage, ...rows, ...more].slice(0, Math.max(0, height)).map((row) => clip(row, width));
}

function stageRow(stage: StageProgress, now: number, paint: Paint): string {
  return `${paint.cyan('●')} ${visibleText(stage.text)}  ${paint.dim(elapsed(now - stage.since))}`;
}

function choose(machines: readonly MachineProgress[], height: number) {
  if (machines.length <= height) return { shown: machines, others: [] };
  // toSorted is stable: machines of one phase stay in the order they came.
  const byNeed = machines.toSorted((a, b) => phaseRank(a.phase) - phaseRank(b.phase));
  const room = Math.max(0, height - 1);
  return { shown: byNeed.slice(0, room), others: byNeed.slice(room) };
}

interface ColumnWidths {
  readonly label: (machine: MachineProgress['machine']) => string;
  readonly labels: number;
  readonly zones: number;
  readonly phases: number;
  readonly times: number;
}

function columnWidths(machines: readonly MachineProgress[], width: number, now: number): ColumnWidths {
  const label = width < wide ? shortMachineLabel : machineLabel;
  const widest = (texts: readonly string[]) => Math.max(0, ...texts.map(displayWidth));
  return {
    label,
    labels: widest(machines.map(({ machine }) => label(machine))),
    zones: width < narrow ? 0 : widest(machines.map(({ machine }) => placeOf(machine))),
    phases: widest(machines.map(({ phase }) => phase)),
    times: widest(machines.map((machine) => timeOf(machine, now))),
  };
}

function machineRow(machine: MachineProgress, columns: ColumnWidths, now: number, paint: Paint): string {
  const phase = padEnd(machine.phase, columns.phases);
  const cells = [
    `  ${phaseSymbol(machine.phase, paint)} ${padEnd(columns.label(machine.machine), columns.labels)}`,
    ...(columns.zones === 0 ? [] : [paint.dim(padEnd(placeOf(machine.machine), columns.zones))]),
    machine.phase === 'failed' ? paint.red(phase) : phase,
    paint.dim(padStart(timeOf(machine, now), columns.times)),
    activity(machine, now, paint),
  ];
  return cells.join('  ').trimEnd();
}

function placeOf(machine: MachineProgress['machine']): string {
  return machine.zone || machine.region;
}

/** A machine on its way shows how long it has been at it, one that came to its end how long it took. */
function timeOf(machine: MachineProgress, now: number): string {
  return elapsed(isUnderWay(machine.phase) ? now - machine.since : machine.since - machine.seenAt);
}

function activity(machine: MachineProgress, now: number, paint: Paint): string {
  if (machine.phase === 'delivering' && machine.upload !== undefined) return uploadText(machine.upload, now);
  const doing = visibleText(machine.doing);
  // What the runner says while it waits, it also logs.
  if (machine.lastLine === '' || machine.lastLine === doing) return doing;
  return doing === '' ? paint.dim(machine.lastLine) : `${doing}  ${paint.dim(machine.lastLine)}`;
}

function uploadText({ sent, total, from, startedAt }: UploadProgress, now: number): string {
  const percent = total === 0 ? 100 : Math.floor((100 * sent) / total);
  const seconds = (now - startedAt) / 1000;
  // A rate over less than a second is noise.
  const rate = seconds < 1 ? '' : `  ${byteSize(Math.round((sent - from) / seconds))}/s`;
  return `${padStart(`${percent}%`, 4)} of ${byteSize(total)}${rate}`;
}
