import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { logCommand } from '../../src/machine/commands.ts';
import { FollowReader } from '../../src/machine/follow.ts';
import { makeMachineImage } from '../../src/rehearsal/machines/machine-image.ts';
import { machineImage } from '../../src/rehearsal/machines/machine-recipe.ts';
import { changesOf, MachineContainer, outputOf } from '../machine/machine-container.ts';

const allDone = ['preflight done', 'files done', 'setup done', 'health done', 'finish done', 'release done'];
const adopted = [
  'preflight done',
  'files done',
  'setup adopted',
  'health done',
  'finish done',
  'release done',
];

describe('the runner on a machine', () => {
  const machine = new MachineContainer();

  beforeAll(async () => {
    await makeMachineImage(() => {});
    await machine.start(machineImage);
  });

  afterAll(() => machine.remove());

  it('runs a script in its release with its environment, and passes every check', async () => {
    const { id, changes } = await machine.deploy({
      script:
        'pwd; echo "$HOME $SPOT_INDEX $SPOT_ZONE $SPOT_RELEASE $DEBIAN_FRONTEND"; cat "$PWD/data"; echo to stderr >&2',
      files: { data: 'no line end' },
    });
    expect(changes).toEqual(allDone);
    expect(outputOf(machine.follow(), 'setup')).toEqual([
      `/opt/spot/releases/${id}`,
      `/root 3 it's ${id} noninteractive`,
      'no line endto stderr',
    ]);
    expect(machine.failing(id)).toEqual([]);
    expect(machine.report()).toMatchObject({
      release: id,
      phase: 'ready',
      health: 'ok',
      problems: [],
      step: null,
    });
    expect(machine.run('cat /opt/deployment.log')).toContain('no line endto stderr\n');
    expect(machine.attempt('systemctl cat spot-setup.service').status).not.toBe(0);
  });

  it('asks apt for nothing when every package is there, and names one that cannot be had', async () => {
    const there = await machine.deploy({ script: 'true', packages: ['bash', 'coreutils'] });
    expect(there.changes[1]).toBe('packages done');
    const missing = await machine.deploy({ script: 'true', packages: ['bash', 'no-such-package-xyz'] });
    expect(missing.changes.slice(1)).toEqual(['packages failed (100)', 'release failed']);
    expect(machine.run('cat /var/log/spot/packages.log')).toContain('no-such-package-xyz');
  });

  it('changes nothing when a finished release is activated again', async () => {
    const { id } = await machine.deploy({ script: 'echo once' });
    const journal = machine.run('cat /var/lib/spot/journal.jsonl');
    machine.activate(id);
    expect(machine.run('cat /var/lib/spot/journal.jsonl')).toBe(journal);
  });

  it('stops at a failing script, keeps its exit code, and begins again with it', async () => {
    const { id, changes } = await machine.deploy({
      script: 'echo before\nif [ -e /root/mended ]; then exit 0; fi\nexit 7\necho after\n',
    });
    expect(changes).toEqual(['preflight done', 'files done', 'setup failed (7)', 'release failed']);
    expect(outputOf(machine.follow(), 'setup')).toEqual(['before']);
    expect(machine.report()).toMatchObject({ phase: 'failed', step: 'setup', health: 'failing' });
    expect(machine.failing(id).map((check) => check.id)).toEqual([
      'step/setup',
      'step/health',
      'step/finish',
      'unit/spot-runner',
      'failed-units',
    ]);

    machine.run('touch /root/mended');
    machine.activate(id);
    expect(changesOf(machine.follow(), id)).toEqual([
      ...changes,
      ...['setup done', 'health done', 'finish done', 'release done'],
    ]);
    expect(machine.failing(id)).toEqual([]);
  });

  it('loses and repeats no line of a script that prints a lot', async () => {
    const id = await machine.deliver({
      script: 'for i in $(seq 30); do seq -f "$i-%g" 2000; sleep 0.05; done',
    });
    machine.activate(id);
    const records = machine.follow();
    const printed = Array.from({ length: 30 }, (_, i) =>
      Array.from({ length: 2000 }, (_, j) => `${i + 1}-${j + 1}`),
    );
    expect(changesOf(records, id)).toEqual(allDone);
    expect(outputOf(records, 'setup')).toEqual(printed.flat());
    expect(machine.run(`grep -E '^[0-9]+-[0-9]+$' /opt/deployment.log`).trim().split('\n')).toEqual(
      printed.flat(),
    );
  });

  it('says by which signal a script was killed', async () => {
    const { changes } = await machine.deploy({ script: 'kill -KILL $$' });
    expect(changes).toContain('setup failed (137)');
    expect(machine.run('tail -n 1 /var/lib/spot/journal.jsonl')).toContain(
      '(a program was killed by SIGKILL)',
    );
  });

  it('ends a script that hangs with all its children', async () => {
    const { changes } = await machine.deploy({ script: 'sleep 4242 & sleep 4242', timeoutSeconds: 2 });
    expect(changes).toEqual(['preflight done', 'files done', 'setup timeout', 'release failed']);
    expect(machine.attempt('pgrep -f "sleep 4242"').stdout.toString()).toBe('');
    expect(machine.run('tail -n 1 /var/lib/spot/journal.jsonl')).toContain('did not end within 2 seconds');
  });

  it('adopts a script that never returns and serves; it survives its own end and a loss of power', async () => {
    const { id, changes } = await machine.deploy({ script: 'python3 -m http.server 8080', ports: [8080] });
    expect(changes).toEqual(adopted);
    expect(machine.failing(id)).toEqual([]);

    const rotated = '/var/log/spot/*.log {\n  size 50M\n  rotate 1\n  copytruncate\n  missingok\n}\n';
    expect(machine.run('cat /etc/logrotate.d/spot-deployer')).toBe(rotated);

    machine.run('pkill -f "http.server 8080"');
    expect(machine.report()).toMatchObject({ phase: 'ready', health: 'failing' });
    await machine.until('ss -Hltn | grep -q :8080');

    await machine.losePower();
    await machine.until(
      'grep -q \'"step":"health","state":"done"\' <(tail -n 1 /var/lib/spot/journal.jsonl)',
    );
    expect(machine.failing(id)).toEqual([]);
    expect(machine.report()).toMatchObject({ release: id, phase: 'ready', health: 'ok' });
  });

  it('adopts what a script left in the background, and takes it away for the next release', async () => {
    const first = await machine.deploy({
      script: 'nohup python3 -m http.server 8081 >/dev/null 2>&1 &',
      ports: [8081],
    });
    expect(first.changes).toEqual(adopted);
    expect(machine.failing(first.id)).toEqual([]);

    const second = await machine.deploy({ script: 'echo next' });
    expect(second.changes).toEqual(allDone);
    expect(machine.attempt('ss -Hltn | grep :8081').stdout.toString()).toBe('');
    expect(machine.failing(second.id)).toEqual([]);

    // Back to the first: its script has to run again, though its journal says that it once did.
    machine.activate(first.id);
    machine.follow();
    expect(machine.failing(first.id)).toEqual([]);
  });

  it('names the ports when they are not listened on', async () => {
    const { id, changes } = await machine.deploy({ script: 'true', ports: [9999], healthSeconds: 1 });
    expect(changes).toEqual([
      'preflight done',
      'files done',
      'setup done',
      'health failed',
      'release failed',
    ]);
    expect(machine.run('tail -n 1 /var/lib/spot/journal.jsonl')).toContain('nothing listens on port 9999');
    expect(machine.failing(id).map((check) => check.id)).toContain('port/9999');
  });

  it('says which ports a script listens on instead', async () => {
    const { id } = await machine.deploy({
      script: 'python3 -m http.server 8082',
      ports: [9999],
      timeoutSeconds: 3,
    });
    const reasons = machine
      .facts()
      .journal.flatMap((line) => (line.step === 'setup' ? (line.reason ?? []) : []));
    expect(reasons).toEqual([
      'it listens on 8082, which is not among the ports asked for: 9999',
      'deployment/setup.sh did not end within 3 seconds and was stopped; it listened on 8082',
    ]);
    expect(machine.report()).toMatchObject({ release: id, phase: 'failed', problems: ['setup failed'] });
  });

  it('reboots when asked to, and checks again', async () => {
    const id = await machine.deliver({
      script: 'exec python3 -m http.server 8080',
      ports: [8080],
      reboot: true,
    });
    machine.activate(id);
    const reader = new FollowReader();
    expect(changesOf(machine.follow(reader), id).at(-1)).toBe('release rebooting');
    await machine.until(`test "$(tail -n 1 /var/lib/spot/journal.jsonl | grep -c '"state":"done"')" = 1`);
    expect(changesOf(machine.follow(reader), id)).toEqual(['health done', 'release done']);
    expect(machine.failing(id)).toEqual([]);
  });

  it('goes on when the runner is killed, without running the script twice', async () => {
    const id = await machine.deliver({
      script: 'echo run >>/root/runs-killed; touch /root/begun; sleep 3; echo end',
    });
    machine.activate(id);
    await machine.until('test -e /root/begun');
    machine.run('systemctl kill --signal=KILL spot-runner.service');
    expect(changesOf(machine.follow(), id)).toEqual(allDone);
    expect(machine.run('cat /root/runs-killed')).toBe('run\n');
    expect(machine.failing(id)).toEqual([]);
  });

  it('runs the cut step again after a loss of power, and none that was done', async () => {
    const id = await machine.deliver({ script: 'echo run >>/root/runs-power; sync; sleep 2' });
    machine.activate(id);
    await machine.until('test -e /root/runs-power');
    await machine.losePower();
    expect(changesOf(machine.follow(), id)).toEqual(allDone);
    expect(machine.run('cat /root/runs-power')).toBe('run\nrun\n');
    expect(machine.failing(id)).toEqual([]);
  });

  it('takes hostile names as they are', async () => {
    const names = ['-rf', ' a b ', "it's", '"q"', 'new\nline', 'back\\slash', '$(reboot)', 'é☃', '*', '-'];
    const { id, changes } = await machine.deploy({
      script: 'true',
      title: 'deployment/"set up"\n\t\\ é.sh \u0001',
      files: Object.fromEntries(names.map((name) => [`odd/${name}`, name])),
      symlinks: { 'odd/-link to': 'it\'s\n"q"' },
    });
    expect(changes).toEqual(allDone);
    expect(machine.failing(id)).toEqual([]);
    expect(machine.facts().journal.find((line) => line.step === 'setup')?.title).toBe(
      'deployment/"set up"\n\t\\ é.sh \u0001',
    );
    expect([...machine.facts().entries.keys()].sort()).toEqual(
      [
        'deployment',
        'deployment/setup.sh',
        'odd',
        'odd/-link to',
        ...names.map((name) => `odd/${name}`),
      ].sort(),
    );
  });

  it('tells what the script changed from what was changed later', async () => {
    const { id } = await machine.deploy({
      script: 'sed -i s/no/yes/ conf; chmod 600 conf',
      files: { conf: 'debug=no', 'a\nb': 'kept', gone: 'kept' },
    });
    expect(machine.failing(id)).toEqual([]);

    machine.run(`cd /opt/spot/current; echo >>conf; chmod 777 $'a\\nb'; rm gone`);
    expect(machine.failing(id).map((check) => check.actual)).toEqual([
      '3 differ: "conf": has other content; "a\\nb": has mode 0777, not 0644; "gone": is missing',
    ]);
  });

  it('refuses files that are not as they were sent', async () => {
    const id = await machine.deliver({ script: 'touch /root/ran', files: { 'a\nb': 'sent' } });
    machine.run(`echo tampered >/opt/spot/releases/${id}/$'a\\nb'`);
    machine.activate(id);
    expect(changesOf(machine.follow(), id)).toEqual(['preflight done', 'files failed (1)', 'release failed']);
    expect(machine.attempt('test -e /root/ran').status).toBe(1);
  });

  it('waits for cloud-init, and fails with its errors', async () => {
    const id = await machine.deliver({ script: 'true' });
    const result = JSON.stringify({ v1: { errors: ["('runcmd', it's [broken])", 'and "more"'] } }, null, 1);
    machine.run('rm /run/cloud-init/disabled');
    onTestFinished(
      () => void machine.run('rm -f /run/cloud-init/result.json; touch /run/cloud-init/disabled'),
    );
    machine.activate(id);
    await machine.until(`tail -n 1 /var/lib/spot/journal.jsonl | grep -q 'cloud-init is still at work'`);
    machine.run(`cat >/run/cloud-init/result.json <<'JSON'\n${result}\nJSON`);
    expect(changesOf(machine.follow(), id)).toEqual(['preflight failed', 'release failed']);
    expect(machine.failing(id).map((check) => check.actual)).toContain(
      `('runcmd', it's [broken]); and "more"`,
    );

    machine.run(
      `echo '{\n "v1": {\n  "datasource": "DataSourceEc2Local",\n  "errors": []\n }\n}' >/run/cloud-init/result.json`,
    );
    machine.activate(id);
    expect(changesOf(machine.follow(), id).slice(2)).toEqual(allDone);
  });

  it('shows logs, and packs evidence without the content of the release', async () => {
    await machine.deploy({ script: 'echo printed', files: { data: 'content-of-the-release' } });
    expect(machine.run(logCommand('setup'))).toBe('printed\n');
    const packed = machine.run('/opt/spot/bin/runner evidence | tar -xzO');
    expect(packed).toContain('"phase":"ready"');
    expect(packed).toContain('printed');
    expect(packed).not.toContain('content-of-the-release');
  });

  it('packs the end of a log that is large', async () => {
    machine.run('(yes | head -c 6M; echo the-end) >/var/log/spot/served.log');
    const log = '/opt/spot/bin/runner evidence | tar -xzO ./served.log';
    expect(machine.run(`${log} | wc -c`)).toBe(`${5 * 1024 * 1024}\n`);
    expect(machine.run(`${log} | tail -n 1`)).toBe('the-end\n');
  });

  it('keeps the release before the current one, and removes what is older', async () => {
    const first = await machine.deploy({ script: 'touch made-by-script', files: { data: 'first' } });
    const places = ['/opt/spot/releases', '/var/lib/spot/releases'];
    const kept = ['plan.sh', 'release.json', 'files.sha256'].map(
      (name) => `${places[1]}/${first.id}/${name}`,
    );
    machine.run(`tar -C / -cf /root/first.tar ${places[0]}/${first.id}/{data,deployment} ${kept.join(' ')}`);
    const second = await machine.deploy({ script: 'true' });
    const third = await machine.deploy({ script: 'true' });
    for (const place of places) {
      await machine.until(`[ ! -e ${place}/${first.id} ]`);
      expect(machine.run(`ls ${place}`).trim().split('\n').sort()).toEqual([second.id, third.id].sort());
    }
    expect(machine.failing(third.id)).toEqual([]);

    // It can be delivered again, and is compared again with what was sent.
    machine.run('tar -C / -xf /root/first.tar');
    machine.activate(first.id);
    expect(changesOf(machine.follow(), first.id).slice(-6)).toEqual(allDone);
    expect(machine.failing(first.id)).toEqual([]);
  });

  it('leaves no follower behind when the reader goes away', async () => {
    const id = await machine.deliver({ script: 'sleep 8' });
    machine.activate(id);
    machine.run('/opt/spot/bin/runner follow 1 | head -n 1');
    expect(machine.attempt('pgrep -f "runner follo[w]"').stdout.toString()).toBe('');
    expect(changesOf(machine.follow(), id)).toEqual(allDone);
  });
});
