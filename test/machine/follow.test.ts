import { describe, expect, it } from 'vitest';
import { FollowReader } from '../../src/machine/follow.ts';
import type { JournalLine } from '../../src/machine/journal.ts';

const started: JournalLine = {
  at: 'now',
  release: 'r',
  boot: 'b',
  step: 'setup',
  state: 'started',
  title: 'setup.sh',
};
const done: JournalLine = { at: 'now', release: 'r', boot: 'b', step: 'setup', state: 'done', seconds: 1 };

describe('FollowReader', () => {
  it('turns lines into records, wherever the chunks are cut', () => {
    const text = `J ${JSON.stringify(started)}\nO setup  two  spaces\nO setup \nO setup naïve ☃\nP\nJ ${JSON.stringify(done)}\n`;
    const reader = new FollowReader();
    const records = [...Buffer.from(text)].flatMap((byte) => reader.push(Uint8Array.of(byte)));
    expect(records).toEqual([
      { type: 'journal', line: started },
      { type: 'output', step: 'setup', text: ' two  spaces' },
      { type: 'output', step: 'setup', text: '' },
      { type: 'output', step: 'setup', text: 'naïve ☃' },
      { type: 'alive' },
      { type: 'journal', line: done },
    ]);
  });

  it('knows where to go on after a cut, which left a line unfinished', () => {
    const reader = new FollowReader(5);
    const unfinished = Buffer.from('O setup unfini☃').subarray(0, -1);
    reader.push(Buffer.from(`J ${JSON.stringify(started)}\nO setup one\nO setup two\n`));
    reader.push(unfinished);
    expect([reader.next, reader.outputLines]).toEqual([6, 2]);
    reader.forgetUnfinished();
    expect(reader.push(Buffer.from('O setup unfini☃shed\n'))).toEqual([
      { type: 'output', step: 'setup', text: 'unfini☃shed' },
    ]);
    reader.push(Buffer.from(`J ${JSON.stringify({ ...started, step: 'health' })}\nO health one\n`));
    expect([reader.next, reader.outputLines]).toEqual([7, 1]);
  });

  it('counts a journal line that cannot be read, and tells nothing of it', () => {
    const reader = new FollowReader();
    expect(reader.push(Buffer.from('J {"at":"20\n'))).toEqual([]);
    expect(reader.next).toBe(2);
  });

  it('hands on what is not of the protocol', () => {
    expect(new FollowReader().push(Buffer.from('sudo: a password is required\n'))).toEqual([
      { type: 'noise', text: 'sudo: a password is required' },
    ]);
  });
});
