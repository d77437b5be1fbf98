import { expect, it } from 'vitest';
import { Follower } from '../../src/fleet/follow.ts';
import { followCommand } from '../../src/machine/commands.ts';
import { exitRunnerGone } from '../../src/machine/follow.ts';
import { type Answer, answer, PaperMachine } from './paper-machine.ts';

const change = (step: string, state: string) =>
  `J ${JSON.stringify({ at: 'now', release: 'r', boot: 'b', step, state })}\n`;
const started = change('release', 'started') + change('setup', 'started');
const done = change('setup', 'done') + change('release', 'done');

/** Follows a machine whose `runner follow` answers so, one after the other. */
async function follow(...answers: readonly Answer[]) {
  const machine = await PaperMachine.start();
  const access = await machine.access();
  await access.connected(5_000);
  machine.commands.length = 0;
  machine.next.push(...answers);
  const redact = (text: string) => text.replaceAll('hunter2', '[redacted]');
  const outcome = new Follower(access, 'r', machine.fleet.emit, redact).run(1);
  return { machine, outcome };
}

it('repeats and loses nothing of a line that was cut', async () => {
  const { machine, outcome } = await follow(
    (channel, _command, cut) => channel.write(`${started}O setup one\nO setup tw`, () => setImmediate(cut)),
    answer(0, `O setup two\n${done}`),
  );
  await outcome;
  const lines = machine.events.flatMap((event) => (event.type === 'output' ? [event.line] : []));
  expect(lines).toEqual(['one', 'two']);
  expect(machine.commands.map(({ command }) => command)).toEqual([followCommand(1), followCommand(3, 1)]);
});

it('ends when the machine says that nothing works on the release any more', async () => {
  const { machine, outcome } = await follow(
    answer(
      exitRunnerGone,
      `${started}O setup last words\n`,
      'runner: spot-runner.service is failed hunter2\n',
    ),
  );
  await expect(outcome).rejects.toMatchObject({
    code: 'SPOT-E-RUNNER-GONE',
    message: 'Nothing works on the release any more: `runner follow` ended with exit code 11.',
    evidence: ['last words', 'runner: spot-runner.service is failed [redacted]'],
  });
  expect(machine.commands).toHaveLength(1);
});

it('names a full disk', async () => {
  const { outcome } = await follow(answer(exitRunnerGone, '', 'write error: No space left on device\n'));
  await expect(outcome).rejects.toMatchObject({
    message: 'The disk of the machine is full, so the steps cannot go on.',
    hint: expect.stringContaining('instance_storage_gb'),
  });
});

it('gives up when following ends again and again with nothing told', async () => {
  const failing: readonly Answer[] = Array<Answer>(50).fill(
    answer(1, 'sudo: noise\n', 'runner: command not found\n'),
  );
  const { machine, outcome } = await follow(answer(1, started), ...failing);
  await expect(outcome).rejects.toMatchObject({
    code: 'SPOT-E-RUNNER-GONE',
    evidence: ['runner: command not found'],
  });
  expect(machine.commands).toHaveLength(11);
});
