import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import type { MachinePlan, ScriptStep } from '../../src/machine/plan.ts';
import { renderPlan } from '../../src/machine/plan-text.ts';

const setup: ScriptStep = {
  kind: 'script',
  id: 'setup',
  title: 'deployment/setup.sh',
  command: ['bash', 'deployment/setup.sh'],
  timeoutSeconds: 1800,
  adopt: true,
};

const plan: MachinePlan = {
  deployment: 'hello',
  steps: [
    { kind: 'preflight', id: 'preflight', minimumFreeMegabytes: 512 },
    { kind: 'files', id: 'files' },
    setup,
    { kind: 'health', id: 'health', ports: [8080, 9090], timeoutSeconds: 120 },
    { kind: 'finish', id: 'finish', reboot: false },
  ],
};

/** What bash hands to `plan` and `step` when it runs the text. */
function sourced(text: string): string[][] {
  const script = `plan() { printf '%s\\0' plan "$@"; printf '\\0'; }; step() { printf '%s\\0' "$@"; printf '\\0'; }; eval "$1"`;
  const output = execFileSync('bash', ['-euc', script, 'plan', text]).toString();
  return output
    .split('\0\0')
    .slice(0, -1)
    .map((words) => words.split('\0'));
}

describe('renderPlan', () => {
  it('reads as a runbook', () => {
    expect(
      renderPlan(plan),
    ).toBe(`# The machine plan: what turns a fresh machine into a working one, in order.
# Sourced by /opt/spot/bin/runner, which defines \`plan\` and \`step\`.
plan hello
step preflight --kind preflight --title 'wait for cloud-init, check disk and tools' --minimum-free-megabytes 512
step files --kind files --title 'compare the files with their digests'
step setup --kind script --title deployment/setup.sh --timeout-seconds 1800 --adopt yes -- bash deployment/setup.sh
step health --kind health --title 'wait for port 8080, 9090' --timeout-seconds 120 -- 8080 9090
step finish --kind finish --title 'record what is active' --reboot no
`);
  });

  it('brings hostile names through bash as they are', () => {
    const title = "deploy'ment/\n$(reboot) `id`/setup é.sh";
    const command = ['bash', '-c', title, '--', '-x', '"quoted"', '\\'];
    const words = sourced(renderPlan({ deployment: "it's\n#1", steps: [{ ...setup, title, command }] }));
    expect(words).toEqual([
      ['plan', "it's\n#1"],
      [
        'setup',
        '--kind',
        'script',
        '--title',
        title,
        '--timeout-seconds',
        '1800',
        '--adopt',
        'yes',
        '--',
        ...command,
      ],
    ]);
  });

  it.each(['', '-x', 'a b', '../x', 'release', 'deploy', 'runner', 'cloud-init'])(
    'refuses the id %j',
    (id) => {
      expect(() => renderPlan({ deployment: 'x', steps: [{ ...setup, id }] })).toThrow(
        expect.objectContaining({ code: 'SPOT-E-INTERNAL' }),
      );
    },
  );

  it('refuses an id that is used twice', () => {
    expect(() => renderPlan({ deployment: 'x', steps: [setup, setup] })).toThrow(
      'A step cannot be called "setup": ids are letters, digits and hyphens, used once, none of runner, deploy, cloud-init, release.',
    );
  });
});
