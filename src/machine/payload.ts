import base from './runner/10-base.sh?raw';
import journal from './runner/20-journal.sh?raw';
import plan from './runner/30-plan.sh?raw';
import processes from './runner/40-processes.sh?raw';
import step from './runner/50-step.sh?raw';
import preflight from './runner/55-preflight.sh?raw';
import packages from './runner/57-packages.sh?raw';
import unit from './runner/60-unit.sh?raw';
import exec from './runner/61-exec.sh?raw';
import adoption from './runner/62-adoption.sh?raw';
import script from './runner/63-script.sh?raw';
import health from './runner/65-health.sh?raw';
import activate from './runner/70-activate.sh?raw';
import run from './runner/72-run.sh?raw';
import follow from './runner/80-follow.sh?raw';
import report from './runner/85-report.sh?raw';
import facts from './runner/87-facts.sh?raw';
import evidence from './runner/90-evidence.sh?raw';
import main from './runner/99-main.sh?raw';

export { default as runnerUnitText } from './spot-runner.service?raw';

/**
 * The runner as one bash file: its parts in the order of their numbers, so that
 * `cat src/machine/runner/*.sh | shellcheck -` checks the very same text.
 */
export const runnerText = [
  ...[base, journal, plan, processes, step, preflight, packages, unit, exec, adoption, script],
  ...[health, activate, run, follow, report, facts, evidence, main],
].join('\n');
