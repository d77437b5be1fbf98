import type { ReleaseRecord } from '../release/release.ts';
import type { Check } from './check.ts';
import { reviewEntries } from './entry-difference.ts';
import type { MachineFacts, UnitFacts } from './facts.ts';
import { wholeRelease } from './journal.ts';
import { layout } from './layout.ts';
import { describeOutcome, stepOutcomes } from './step-outcomes.ts';

/** What the caller knows beside the record. */
export interface Expectation {
  /** The release that should be active. */
  readonly release: string;
  /** SHA-256 of secret files by path, where the caller has them at hand. */
  readonly secrets?: ReadonlyMap<string, string>;
}

type Finding = Omit<Check, 'n'>;

/** As many differing paths are named; a person reads them. */
const shownDifferences = 10;
/** A unit that was restarted and has been up for less is restarting. */
const settledSeconds = 60;

const expectedDirectories: Readonly<Record<string, number>> = {
  [layout.releases]: 0o755,
  '/opt/spot/bin': 0o755,
  [layout.state]: 0o700,
  [layout.logs]: 0o755,
};

/**
 * The numbered check list: is the machine what the release says it should be? Pure; the order is fixed. A check's
 * `hint` is empty when it holds.
 */
export function judge(
  record: ReleaseRecord,
  facts: MachineFacts,
  expectation: Expectation,
): readonly Check[] {
  const findings: readonly Finding[] = [
    cloudInit(facts),
    directories(facts),
    files(record, facts, expectation),
    current(record, facts),
    ...record.steps.map((step) => stepResult(step, facts)),
    runnerUnit(facts),
    ...facts.units.filter((unit) => unit.name !== 'spot-runner.service').map(adoptedUnit),
    ...record.ports.map((port) => portOpen(port, facts)),
    failedUnits(facts),
    identity(facts, expectation),
    ...(facts.reboot ? [rebooted(facts)] : []),
  ];
  return findings.map((finding, index) => ({ n: index + 1, ...finding }));
}

function finding(id: string, ok: boolean, expected: string, actual: string, hint: string): Finding {
  return { id, ok, expected, actual, hint: ok ? '' : hint };
}

function cloudInit({ cloudInit: { state, errors } }: MachineFacts): Finding {
  const ok = state !== 'running' && errors.length === 0;
  const actual = errors.length > 0 ? errors.join('; ') : state === 'done' ? 'ended without errors' : state;
  return finding(
    'cloud-init',
    ok,
    'ended without errors',
    actual,
    state === 'running' && errors.length === 0
      ? 'Wait until cloud-init has ended.'
      : 'See `spot logs MACHINE --step cloud-init`.',
  );
}

function directories(facts: MachineFacts): Finding {
  const wrong = Object.entries(expectedDirectories).flatMap(([path, mode]) => {
    const found = facts.directories.get(path);
    if (found === undefined) return [`${path} is missing`];
    if (found.mode === mode && found.owner === 'root:root') return [];
    return [`${path} has mode ${found.mode.toString(8)} and belongs to ${found.owner}`];
  });
  const expected = Object.entries(expectedDirectories)
    .map(([path, mode]) => `${path} ${mode.toString(8)}`)
    .join(', ');
  return finding(
    'directories',
    wrong.length === 0,
    `${expected}, all root:root`,
    wrong.length === 0 ? 'as expected' : wrong.join('; '),
    'Something on the machine changed them. Run `spot create`, or replace the machine.',
  );
}

function files(record: ReleaseRecord, facts: MachineFacts, expectation: Expectation): Finding {
  const { differences, changedBySteps } = reviewEntries(
    record.entries,
    facts,
    expectation.secrets ?? new Map(),
  );
  const shown = differences.slice(0, shownDifferences);
  const more = differences.length - shown.length;
  const bySteps = changedBySteps === 0 ? '' : `, ${changedBySteps} of them changed by its own steps`;
  return finding(
    'files',
    differences.length === 0,
    `${record.entries.length} entries as they were sent, or as the release's own steps left them`,
    differences.length === 0
      ? `${record.entries.length} entries as expected${bySteps}`
      : `${differences.length} differ: ${shown.join('; ')}${more > 0 ? `; and ${more} more` : ''}`,
    'Something changed them after the activation. Keep what a service writes outside of the release, in /var/lib.',
  );
}

function current(record: ReleaseRecord, facts: MachineFacts): Finding {
  const target = facts.links.get(layout.current);
  const expected = `${layout.releases}/${record.id}`;
  return finding(
    'current',
    target === expected,
    `${layout.current} → ${expected}`,
    target === undefined ? 'no such link' : `${layout.current} → ${target}`,
    'Run `spot create` to activate the release.',
  );
}

function stepResult(step: string, facts: MachineFacts): Finding {
  const line = stepOutcomes(facts.journal).get(step);
  return finding(
    `step/${step}`,
    line?.state === 'done' || line?.state === 'adopted',
    'done',
    describeOutcome(line),
    `See \`spot logs MACHINE --step ${step}\`; \`spot create\` goes on from this step.`,
  );
}

function runnerUnit(facts: MachineFacts): Finding {
  const unit = facts.units.find(({ name }) => name === 'spot-runner.service');
  return finding(
    'unit/spot-runner',
    unit?.enabled === 'enabled' && unit.active !== 'failed',
    'enabled, not failed',
    unit === undefined ? 'unknown to systemd' : `${unit.enabled}, ${unit.active}`,
    'Run `spot create` to put the runner back.',
  );
}

function adoptedUnit(unit: UnitFacts): Finding {
  const restarting =
    unit.sub === 'auto-restart' || (unit.restarts > 0 && unit.activeSeconds < settledSeconds);
  const restarts =
    unit.restarts === 0
      ? 'never restarted'
      : `restarted ${unit.restarts} times, last ${unit.activeSeconds} s ago`;
  const name = unit.name.replace(/\.service$/, '');
  return finding(
    `unit/${name}`,
    unit.active === 'active' && unit.enabled === 'enabled' && !restarting,
    'enabled, active, not restarting',
    `${unit.enabled}, ${unit.active} (${unit.sub}), ${restarts}`,
    `See \`spot logs MACHINE --step ${name.replace(/^spot-/, '')}\`.`,
  );
}

function portOpen(port: number, facts: MachineFacts): Finding {
  const program = facts.listening.get(port);
  const others = [...facts.listening].map(([other, name]) => `${other} (${name})`).join(', ');
  return finding(
    `port/${port}`,
    program !== undefined,
    'listened on',
    program === undefined
      ? `nobody listens; listened on: ${others || 'nothing'}`
      : `listened on by ${program}`,
    'Start the service, or mend `ports:` in .spot/config.yaml.',
  );
}

function failedUnits({ failedUnits }: MachineFacts): Finding {
  return finding(
    'failed-units',
    failedUnits.length === 0,
    'no failed units',
    failedUnits.length === 0 ? 'none' : failedUnits.join(', '),
    'See `spot ssh MACHINE -- systemctl status UNIT`.',
  );
}

function identity(facts: MachineFacts, { release }: Expectation): Finding {
  const recorded = facts.links.get(`${layout.state}/release.json`)?.split('/').at(-2);
  const ok = facts.release === release && recorded === release;
  return finding(
    'release',
    ok,
    release,
    facts.release === recorded
      ? (facts.release ?? 'none')
      : `${facts.release ?? 'none'}, recorded as ${recorded ?? 'none'}`,
    'The machine runs another release. Run `spot create` to bring it to this one.',
  );
}

function rebooted(facts: MachineFacts): Finding {
  const asked = facts.journal.findLast((line) => line.state === 'rebooting');
  const finished = facts.journal.findLast((line) => line.step === wholeRelease && line.state === 'done');
  const ok = asked !== undefined && finished !== undefined && finished.boot !== asked.boot;
  const actual =
    asked === undefined
      ? 'the plan has not come to it'
      : ok
        ? 'came back and was checked again'
        : 'has not come back yet';
  return finding('reboot', ok, 'rebooted, then checked again', actual, 'See `spot logs MACHINE`.');
}
