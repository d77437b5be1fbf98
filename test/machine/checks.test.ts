import { describe, expect, it } from 'vitest';
import { type Expectation, judge } from '../../src/machine/checks.ts';
import type { EntryFacts } from '../../src/machine/entry-facts.ts';
import type { MachineFacts, UnitFacts } from '../../src/machine/facts.ts';
import type { JournalLine, StepState } from '../../src/machine/journal.ts';
import type { ReleaseRecord } from '../../src/release/release.ts';

const id = '0a1b2c3d4e5f';

const record: ReleaseRecord = {
  schema: 'spot-deployer/release/v1',
  id,
  deployment: 'hello',
  entries: [
    { type: 'directory', path: 'deployment', mode: 0o755 },
    { type: 'file', path: 'deployment/setup.sh', mode: 0o755, size: 12, sha256: 'aa' },
    { type: 'file', path: 'secrets/token', mode: 0o600, size: 5 },
    { type: 'symlink', path: 'link', target: 'deployment/setup.sh' },
  ],
  ports: [8080],
  steps: ['preflight', 'setup'],
};

const directory: EntryFacts = { type: 'directory', mode: 0o755, owner: '0:0', size: 4096 };
const script: EntryFacts = { type: 'file', mode: 0o755, owner: '0:0', size: 12, sha256: 'aa' };
const secret: EntryFacts = { type: 'file', mode: 0o600, owner: '0:0', size: 5, sha256: 'bb' };
const link: EntryFacts = {
  type: 'symlink',
  mode: 0o777,
  owner: '0:0',
  size: 19,
  target: 'deployment/setup.sh',
};

const entries = new Map([
  ['deployment', directory],
  ['deployment/setup.sh', script],
  ['secrets/token', secret],
  ['link', link],
]);

const line = (step: string, state: StepState, more: Partial<JournalLine> = {}): JournalLine => ({
  at: '2026-01-02T03:04:05.678Z',
  release: id,
  boot: 'first',
  step,
  state,
  ...more,
});

const unit: UnitFacts = {
  name: 'spot-setup.service',
  active: 'active',
  sub: 'running',
  enabled: 'enabled',
  restarts: 0,
  result: 'success',
  activeSeconds: 5,
};
const runner: UnitFacts = { ...unit, name: 'spot-runner.service', active: 'inactive', sub: 'dead' };

const good: MachineFacts = {
  cloudInit: { state: 'done', errors: [] },
  directories: new Map([
    ['/opt/spot/releases', { mode: 0o755, owner: 'root:root' }],
    ['/opt/spot/bin', { mode: 0o755, owner: 'root:root' }],
    ['/var/lib/spot', { mode: 0o700, owner: 'root:root' }],
    ['/var/log/spot', { mode: 0o755, owner: 'root:root' }],
  ]),
  links: new Map([
    ['/opt/spot/current', `/opt/spot/releases/${id}`],
    ['/var/lib/spot/release.json', `/var/lib/spot/releases/${id}/release.json`],
  ]),
  release: id,
  reboot: true,
  boot: 'second',
  uptime: 60,
  journal: [
    line('preflight', 'done', { seconds: 1 }),
    line('setup', 'adopted', { seconds: 2.25, reason: 'it listens' }),
    line('setup', 'progress', { reason: 'still there' }),
    line('release', 'rebooting'),
    line('release', 'done', { boot: 'second' }),
  ],
  entries,
  activated: entries,
  units: [runner, unit],
  failedUnits: [],
  listening: new Map([
    [22, 'sshd'],
    [8080, 'python3'],
  ]),
};

const judged = (change: Partial<MachineFacts>, expectation: Expectation = { release: id }) =>
  judge(record, { ...good, ...change }, expectation);

/** The checks that do not hold, each as `id: actual`. */
const failing = (change: Partial<MachineFacts>, expectation?: Expectation) =>
  judged(change, expectation)
    .filter(({ ok }) => !ok)
    .map((check) => `${check.id}: ${check.actual}`);

const withEntry = (path: string, entry: EntryFacts) => new Map(entries).set(path, entry);
const without = (path: string) => new Map([...entries].filter(([key]) => key !== path));

describe('judge', () => {
  it('numbers its checks in a fixed order, and all hold on a good machine', () => {
    const checks = judged({});
    expect(checks.map(({ n, id: check, ok, actual }) => `${n} ${check} ${ok}: ${actual}`)).toEqual([
      '1 cloud-init true: ended without errors',
      '2 directories true: as expected',
      '3 files true: 4 entries as expected',
      `4 current true: /opt/spot/current → /opt/spot/releases/${id}`,
      '5 step/preflight true: done after 1.0 s',
      '6 step/setup true: adopted after 2.3 s: it listens',
      '7 unit/spot-runner true: enabled, inactive',
      '8 unit/spot-setup true: enabled, active (running), never restarted',
      '9 port/8080 true: listened on by python3',
      '10 failed-units true: none',
      `11 release true: ${id}`,
      '12 reboot true: came back and was checked again',
    ]);
    expect(checks.map(({ hint }) => hint)).toEqual(checks.map(() => ''));
  });

  it('gives a hint with every check that does not hold', () => {
    const checks = judge(
      record,
      {
        ...good,
        ...{
          cloudInit: { state: 'running', errors: [] },
          directories: new Map(),
          links: new Map(),
          release: undefined,
        },
        ...{
          journal: [],
          entries: new Map(),
          units: [{ ...unit, active: 'failed' }],
          failedUnits: ['x.service'],
        },
        listening: new Map(),
      },
      { release: id },
    );
    expect(checks.filter(({ ok }) => ok)).toEqual([]);
    expect(checks.filter(({ hint }) => hint === '')).toEqual([]);
  });

  it('cloud-init', () => {
    expect(failing({ cloudInit: { state: 'done', errors: ['runcmd failed', 'no network'] } })).toEqual([
      'cloud-init: runcmd failed; no network',
    ]);
    expect(failing({ cloudInit: { state: 'running', errors: [] } })).toEqual(['cloud-init: running']);
    expect(failing({ cloudInit: { state: 'disabled', errors: [] } })).toEqual([]);
  });

  it('directories', () => {
    const directories = new Map(good.directories).set('/var/lib/spot', { mode: 0o755, owner: 'ada:ada' });
    directories.delete('/opt/spot/bin');
    expect(failing({ directories })).toEqual([
      'directories: /opt/spot/bin is missing; /var/lib/spot has mode 755 and belongs to ada:ada',
    ]);
  });

  it.each([
    ['missing', without('deployment/setup.sh'), '"deployment/setup.sh": is missing'],
    [
      'other content',
      withEntry('deployment/setup.sh', { ...script, sha256: 'cc' }),
      '"deployment/setup.sh": has other content',
    ],
    [
      'other mode',
      withEntry('deployment/setup.sh', { ...script, mode: 0o644 }),
      '"deployment/setup.sh": has mode 0644, not 0755',
    ],
    [
      'other owner',
      withEntry('deployment', { ...directory, owner: '1000:0' }),
      '"deployment": belongs to 1000:0, not to 0:0',
    ],
    [
      'other target',
      withEntry('link', { ...link, target: '/etc' }),
      '"link": points to "/etc", not to "deployment/setup.sh"',
    ],
    ['other type', withEntry('link', directory), '"link": is a directory, not a symlink'],
    [
      'a secret read by all',
      withEntry('secrets/token', { ...secret, mode: 0o644 }),
      '"secrets/token": has mode 0644, not 0600',
    ],
    [
      'a secret of other size',
      withEntry('secrets/token', { ...secret, size: 6, sha256: 'dd' }),
      '"secrets/token": has 6 bytes, not 5',
    ],
  ])('files: %s', (_, changed, difference) => {
    expect(failing({ entries: changed })).toEqual([`files: 1 differ: ${difference}`]);
    expect(failing({ entries: changed, activated: undefined })).toEqual([`files: 1 differ: ${difference}`]);
  });

  it('files: what the steps changed is no difference, what was changed later is', () => {
    const byStep = withEntry('deployment/setup.sh', { ...script, sha256: 'cc', owner: '33:33' });
    const files = judged({ entries: byStep, activated: byStep }).find((check) => check.id === 'files');
    expect(files).toMatchObject({
      ok: true,
      actual: '4 entries as expected, 1 of them changed by its own steps',
    });
    expect(failing({ entries, activated: byStep })).toEqual([
      'files: 1 differ: "deployment/setup.sh": has other content',
    ]);
  });

  it('files: a secret is compared with its digest where that is known, else with the activation', () => {
    const changed = withEntry('secrets/token', { ...secret, sha256: 'ee' });
    expect(failing({ entries: changed })).toEqual(['files: 1 differ: "secrets/token": has other content']);
    const secrets = new Map([['secrets/token', 'ff']]);
    expect(failing({ activated: undefined }, { release: id, secrets })).toEqual([
      'files: 1 differ: "secrets/token": has other content',
    ]);
    expect(failing({ activated: undefined })).toEqual([]);
  });

  it('files: names ten and counts the rest', () => {
    const many = Array.from({ length: 12 }, (_, index) => `file ${index}`);
    const checks = judge(
      { ...record, entries: many.map((path) => ({ type: 'directory', path, mode: 0o755 })) },
      { ...good, activated: undefined },
      { release: id },
    );
    const actual = checks.find((check) => check.id === 'files')?.actual;
    expect(actual).toMatch(/^12 differ: "file 0": is missing; .*"file 9": is missing; and 2 more$/);
  });

  it('current', () => {
    expect(failing({ links: new Map([...good.links].slice(1)) })).toEqual(['current: no such link']);
    expect(failing({ links: new Map(good.links).set('/opt/spot/current', '/tmp') })).toEqual([
      'current: /opt/spot/current → /tmp',
    ]);
  });

  it('steps', () => {
    const journal = [
      ...good.journal,
      line('setup', 'failed', {
        exit: 7,
        seconds: 0.5,
        reason: 'deployment/setup.sh ended with exit code 7',
      }),
    ];
    expect(failing({ journal })).toEqual([
      'step/setup: failed with exit code 7 after 0.5 s: deployment/setup.sh ended with exit code 7',
    ]);
    expect(failing({ journal: good.journal.slice(1) })).toEqual(['step/preflight: never ran']);
    expect(failing({ journal: [...good.journal, line('setup', 'started')] })).toEqual([
      'step/setup: started',
    ]);
  });

  it('units', () => {
    expect(failing({ units: [unit] })).toEqual(['unit/spot-runner: unknown to systemd']);
    expect(failing({ units: [{ ...runner, enabled: 'disabled' }] })).toEqual([
      'unit/spot-runner: disabled, inactive',
    ]);
    expect(failing({ units: [runner, { ...unit, active: 'failed', sub: 'failed' }] })).toEqual([
      'unit/spot-setup: enabled, failed (failed), never restarted',
    ]);
    expect(failing({ units: [runner, { ...unit, enabled: 'disabled' }] })).toEqual([
      'unit/spot-setup: disabled, active (running), never restarted',
    ]);
    expect(failing({ units: [runner, { ...unit, restarts: 3 }] })).toEqual([
      'unit/spot-setup: enabled, active (running), restarted 3 times, last 5 s ago',
    ]);
    expect(failing({ units: [runner, { ...unit, restarts: 3, activeSeconds: 3600 }] })).toEqual([]);
  });

  it('ports', () => {
    expect(failing({ listening: new Map([[3000, 'node']]) })).toEqual([
      'port/8080: nobody listens; listened on: 3000 (node)',
    ]);
  });

  it('failed units', () => {
    expect(failing({ failedUnits: ['a.service', 'b.mount'] })).toEqual(['failed-units: a.service, b.mount']);
  });

  it('release identity', () => {
    expect(failing({}, { release: 'ffffffffffff' })).toEqual([`release: ${id}`]);
    const links = new Map(good.links).set(
      '/var/lib/spot/release.json',
      '/var/lib/spot/releases/older/release.json',
    );
    expect(failing({ links })).toEqual([`release: ${id}, recorded as older`]);
  });

  it('reboot', () => {
    expect(failing({ journal: good.journal.slice(0, 4) })).toEqual(['reboot: has not come back yet']);
    expect(failing({ journal: good.journal.slice(0, 3) })).toEqual(['reboot: the plan has not come to it']);
    expect(judged({ reboot: false }).some((check) => check.id === 'reboot')).toBe(false);
  });
});
