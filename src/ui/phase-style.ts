import type { MachinePhase } from '../fleet/events.ts';
import type { Paint } from './paint.ts';

/** Phases from the one a person should look at first to the one that needs no look any more. */
const ranking: readonly MachinePhase[] = [
  'failed',
  'rebooting',
  'activating',
  'verifying',
  'delivering',
  'connecting',
  'booting',
  'launching',
  'destroying',
  'ready',
  'gone',
];

/** Where a phase stands when not every machine fits: 0 is shown first. */
export function phaseRank(phase: MachinePhase): number {
  return ranking.indexOf(phase);
}

/** Whether a machine in this phase is still on its way. */
export function isUnderWay(phase: MachinePhase): boolean {
  return phase !== 'ready' && phase !== 'failed' && phase !== 'gone';
}

/** One character that says how a machine is: `✓` ready, `✗` failed, `●` at work, `○` waiting for the cloud. */
export function phaseSymbol(phase: MachinePhase, paint: Paint): string {
  switch (phase) {
    case 'ready':
      return paint.green('✓');
    case 'gone':
      return paint.dim('✓');
    case 'failed':
      return paint.red('✗');
    case 'launching':
    case 'booting':
    case 'connecting':
      return paint.dim('○');
    case 'delivering':
    case 'activating':
    case 'rebooting':
    case 'verifying':
    case 'destroying':
      return paint.cyan('●');
  }
}

/** `2 activating, 1 ready`: how many machines are in each phase, the most pressing first. */
export function phaseCounts(phases: Iterable<MachinePhase>): string {
  const counts = new Map<MachinePhase, number>();
  for (const phase of phases) counts.set(phase, (counts.get(phase) ?? 0) + 1);
  return ranking
    .filter((phase) => counts.has(phase))
    .map((phase) => `${counts.get(phase)} ${phase}`)
    .join(', ');
}
