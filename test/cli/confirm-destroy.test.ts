import { describe, expect, it } from 'vitest';
import type { CommandIo } from '../../src/cli/command-io.ts';
import { confirmDestroy } from '../../src/cli/confirm-destroy.ts';
import type { Fleet } from '../../src/fleet/fleet.ts';
import { testIo } from './test-io.ts';

/** Answers whether it was asked, what, and what came of it. */
async function ask(settings: { cloud: 'aws' | 'local'; yes?: boolean; answer?: boolean }) {
  const questions: string[] = [];
  const answer: CommandIo['ask'] = async (question) => {
    questions.push(question);
    return settings.answer === true;
  };
  const context: Parameters<typeof confirmDestroy>[0] = {
    options: {
      local: false,
      yes: settings.yes === true,
      quiet: false,
      verbose: false,
      color: false,
      json: false,
    },
    io: testIo({ ask: settings.answer === undefined ? undefined : answer }),
    signal: new AbortController().signal,
    pauseProgress: () => undefined,
  };
  const fleet = { name: 'hello', settings: { cloud: settings.cloud } } as Fleet;
  const outcome = await confirmDestroy(context, fleet, ['i-1', 'i-\n2'], false).then(
    () => 'goes on',
    (error) => `${error.code}: ${error.hint}`,
  );
  return { questions, outcome };
}

describe('confirmDestroy', () => {
  it('asks before machines on AWS end', async () => {
    expect(await ask({ cloud: 'aws', answer: true })).toEqual({
      questions: ['Destroy i-1, i-\\n2 of hello?'],
      outcome: 'goes on',
    });
  });

  it('destroys nothing when the answer is no', async () => {
    expect((await ask({ cloud: 'aws', answer: false })).outcome).toBe(
      'SPOT-E-INTERRUPTED: Run `spot destroy` again when you are sure.',
    );
  });

  it('wants --yes where nobody can answer', async () => {
    expect((await ask({ cloud: 'aws' })).outcome).toBe('SPOT-E-USAGE: Add --yes.');
    expect((await ask({ cloud: 'aws', yes: true })).outcome).toBe('goes on');
  });

  it('never asks about a rehearsal', async () => {
    expect(await ask({ cloud: 'local', answer: false })).toEqual({ questions: [], outcome: 'goes on' });
  });
});
