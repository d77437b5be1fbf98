import { SpotError } from '../errors/spot-error.ts';
import { type MachinePlan, type Step, stepTitle } from './plan.ts';
import { quoteShell, shellCommand } from './shell.ts';

/** Names that the runner has for itself: its unit, the whole log, cloud-init's log, and the journal's own step. */
const takenIds = new Set(['runner', 'deploy', 'cloud-init', 'release']);

/**
 * The plan as the bash file that the runner sources: one `step` line a step, in order, to be read as a runbook.
 * Deterministic: the same plan gives the same bytes. Throws SPOT-E-INTERNAL when an id is no safe name or is
 * used twice, because ids become names of logs and units.
 */
export function renderPlan(plan: MachinePlan): string {
  checkIds(plan.steps.map((step) => step.id));
  return [
    '# The machine plan: what turns a fresh machine into a working one, in order.',
    '# Sourced by /opt/spot/bin/runner, which defines `plan` and `step`.',
    `plan ${quoteShell(plan.deployment)}`,
    ...plan.steps.map(renderStep),
    '',
  ].join('\n');
}

function renderStep(step: Step): string {
  return shellCommand(['step', step.id, '--kind', step.kind, '--title', stepTitle(step), ...stepWords(step)]);
}

function stepWords(step: Step): readonly string[] {
  switch (step.kind) {
    case 'preflight':
      return ['--minimum-free-megabytes', String(step.minimumFreeMegabytes)];
    case 'packages':
      return ['--', ...step.packages];
    case 'files':
      return [];
    case 'script':
      return [
        ...['--timeout-seconds', String(step.timeoutSeconds)],
        ...['--adopt', yesNo(step.adopt)],
        ...['--', ...step.command],
      ];
    case 'health':
      return ['--timeout-seconds', String(step.timeoutSeconds), '--', ...step.ports.map(String)];
    case 'finish':
      return ['--reboot', yesNo(step.reboot)];
  }
}

function yesNo(value: boolean): string {
  return value ? 'yes' : 'no';
}

function checkIds(ids: readonly string[]): void {
  const seen = new Set(takenIds);
  for (const id of ids) {
    if (!/^[A-Za-z0-9][A-Za-z0-9-]*$/.test(id) || seen.has(id)) {
      throw new SpotError('SPOT-E-INTERNAL', {
        message: `A step cannot be called ${JSON.stringify(id)}: ids are letters, digits and hyphens, used once, none of ${[...takenIds].join(', ')}.`,
      });
    }
    seen.add(id);
  }
}
