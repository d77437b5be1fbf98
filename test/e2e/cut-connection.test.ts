import { createHash, randomBytes } from 'node:crypto';
import { appendFileSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CreateResult, VerifyReport } from '../../src/fleet/report.ts';
import { type EventWatch, type JsonEvent, watchEvents } from './support/event-watch.ts';
import { launchOnly } from './support/launched-only.ts';
import { Rehearsal } from './support/rehearsal.ts';

/** Prints for some seconds without a pause to speak of, so that a cut falls into the middle of a line. */
const setup = `#!/bin/bash
set -e
echo run >> /root/runs
for part in $(seq 0 199); do
  seq -f 'line %.0f of what setup.sh prints, long enough to be cut anywhere' $((part * 100 + 1)) $((part * 100 + 100))
  sleep 0.01
done
while [ -e /root/hold ]; do sleep 0.1; done
`;
const printed = Array.from(
  { length: 20_000 },
  (_, index) => `line ${index + 1} of what setup.sh prints, long enough to be cut anywhere`,
);

const sessions = `'^sshd: [^/]'`;
/** Ends the SSH connection that there is, or the next one, on the machine's side; what was started over it stays. */
const cut = `(for attempt in {1..3000}; do if pkill -KILL -f ${sessions}; then exit 0; fi; sleep 0.01; done; exit 1)`;
/** Megabytes of the bundle that the machine has when a connection is cut. */
const cutsOfUpload = [20, 70, 120, 180];
const cutUploads = `
  for megabytes in ${cutsOfUpload.join(' ')}; do
    until [ "$(stat --format=%s /var/lib/spot/incoming/*.tar 2>/dev/null || echo 0)" -gt "\${megabytes}000000" ]; do sleep 0.01; done
    ${cut}
    echo "$megabytes" >> /root/cuts
  done`;

const isUploadBeyond = (fraction: number) => (event: JsonEvent) =>
  event.event === 'upload' && Number(event.sent) > fraction * Number(event.total);
const isLine = (number: number) => (event: JsonEvent) => event.line === printed[number - 1];

const sentIn = ({ events }: EventWatch) =>
  events.filter(({ event }) => event === 'upload').map(({ sent }) => Number(sent));
const outputIn = ({ events }: EventWatch) =>
  events.filter(({ event, step }) => event === 'output' && step === 'setup').map(({ line }) => line);
const stepsIn = ({ events }: EventWatch) =>
  events.filter(({ event }) => event === 'step').map(({ step, state }) => `${step} ${state}`);

const eachStepOnce = ['preflight', 'files', 'setup', 'health', 'finish'].flatMap((step) => [
  `${step} started`,
  `${step} done`,
]);

describe('a connection that is cut', () => {
  const rehearsal = new Rehearsal('cut', { 'deployment/setup.sh': setup });
  const payload = join(rehearsal.root, 'payload');
  const create = () => watchEvents(rehearsal.spot('create', '--count', '1', '--json'));
  const onMachine = (script: string) => rehearsal.onMachine(id, script);
  let id = '';

  /** 200 MB that no two bytes of could be exchanged without being noticed; another release each time. */
  const writePayload = () => {
    rmSync(payload, { force: true });
    for (let part = 0; part < 10; part += 1) appendFileSync(payload, randomBytes(20_000_000));
  };

  const expectDelivered = async (watch: EventWatch) => {
    const result = await watch.result<CreateResult>();
    expect(result).toMatchObject({
      failures: [],
      exitCode: 0,
      machines: [{ id, phase: 'ready', health: 'ok' }],
    });
    expect(outputIn(watch)).toEqual(printed);
    expect(stepsIn(watch)).toEqual(eachStepOnce);
    expect(onMachine('cat /root/runs; rm /root/runs')).toBe('run\n');
    const digest = createHash('sha256').update(readFileSync(payload)).digest('hex');
    expect(onMachine('sha256sum < /opt/spot/current/payload')).toBe(`${digest}  -\n`);
    expect(
      onMachine(
        'ls -Ad /var/lib/spot/incoming/* /opt/spot/releases/*.partial 2>&1 | grep -v "No such" || true',
      ),
    ).toBe('');
    expect(onMachine('pgrep -l -x "tee|tar|cat" || true'), 'receivers left over').toBe('');
    expect(await rehearsal.json<VerifyReport>('verify')).toMatchObject({ ok: true });
  };

  beforeAll(async () => {
    writePayload();
    id = await launchOnly(rehearsal);
  });
  afterAll(() => rehearsal.dispose());

  it('is made again, and loses nothing of the host key’s change, the upload and the activation', async () => {
    // Three more cuts, where the host key changes: after the new key was made, before it is in place, and before
    // sshd is told. Programs there are found in this folder first.
    const cutOnce = (program: string, before: string, after: string) =>
      onMachine(`cat > /usr/local/sbin/${program} <<'SCRIPT'
#!/bin/bash
rm "$0"
${before}
${cut}
${after}
SCRIPT
chmod 755 /usr/local/sbin/${program}`);
    cutOnce('ssh-keygen', '/usr/bin/ssh-keygen "$@"', '');
    cutOnce('mv', '', 'exit 1');
    cutOnce('find', '', 'exit 1');

    onMachine('touch /root/hold');
    rehearsal.docker('exec', '--detach', `spot-${id}`, 'bash', '-c', cutUploads);

    const watch = create();
    for (const line of [1, 4_000, 7_777, 12_000, 16_000]) {
      await watch.next(isLine(line));
      onMachine(cut);
    }
    onMachine('rm /root/hold');
    await expectDelivered(watch);
    expect(onMachine('ls /usr/local/sbin'), 'cuts of the host key that did not happen').toBe('');
    expect(onMachine('cat /root/cuts').trim().split('\n').map(Number)).toEqual(cutsOfUpload);
    const sent = sentIn(watch);
    const afterFirstCut = sent.slice(sent.findIndex((bytes) => bytes > 20_000_000));
    expect(Math.min(...afterFirstCut), 'the least that an upload began with').toBeGreaterThan(20_000_000);
    const logins = onMachine("journalctl --unit ssh --no-pager | grep -c 'Accepted publickey'");
    expect(Number(logins), 'connections').toBeGreaterThanOrEqual(3 + cutsOfUpload.length + 5);
  });

  it('may be the end of the command too: the next one goes on at that byte', async () => {
    writePayload();
    const uploadKilledAt = async (fraction: number) => {
      const spot = rehearsal.spot('create', '--count', '1', '--json');
      const watch = watchEvents(spot);
      await watch.next(isUploadBeyond(fraction));
      spot.process.kill('SIGKILL');
      await spot;
      return sentIn(watch);
    };
    expect((await uploadKilledAt(0.3))[0]).toBe(0);
    expect((await uploadKilledAt(0.6))[0]).toBeGreaterThan(0.2 * 200_000_000);
  });

  it('may stall: a frozen machine is waited for, and nothing stays of the upload before, which was given up', async () => {
    writePayload();
    const freeze = async () => {
      rehearsal.docker('pause', `spot-${id}`);
      await sleep(4_000);
      rehearsal.docker('unpause', `spot-${id}`);
    };
    const watch = create();
    await watch.next(isUploadBeyond(0.3));
    await freeze();
    await watch.next(isLine(5_000));
    await freeze();
    await expectDelivered(watch);
  });

  it('may be half open: the former receiver, which waits for ever, is ended', async () => {
    writePayload();
    const watch = create();
    await watch.next(isUploadBeyond(0.3));
    onMachine(`pkill -STOP -f ${sessions}`);
    const former = onMachine('pgrep -x tee');
    expect(former).not.toBe('');
    await expectDelivered(watch);
    expect(sentIn(watch).indexOf(0, 1)).toBe(-1);
    onMachine(`pkill -KILL -f ${sessions}`);
  });
});
