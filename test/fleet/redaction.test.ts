import { expect, test } from 'vitest';
import { LineRedaction } from '../../src/fleet/line-redaction.ts';
import { redactorOf } from '../../src/fleet/redaction.ts';

const secrets = [
  Buffer.from('DB_PASSWORD="correct horse"\nexport TOKEN=tok-12345\nEMPTY=\nPORT=80\n'),
  Buffer.from('-----BEGIN KEY-----\nabcdefghijkl\n'),
];

test.each([
  ['a quoted value', 'connecting with correct horse', 'connecting with [redacted]'],
  ['an exported value', 'curl -H tok-12345', 'curl -H [redacted]'],
  ['a line of a key file', 'key: abcdefghijkl!', 'key: [redacted]!'],
  ['the whole assignment', 'TOKEN=tok-12345', 'TOKEN=[redacted]'],
  ['short values stay: they are words', 'listening on 80', 'listening on 80'],
  ['everything at once', 'tok-12345 correct horse', '[redacted] [redacted]'],
])('%s', (_, text, expected) => {
  expect(redactorOf(secrets)(text)).toBe(expected);
});

test('a longer secret that holds a shorter one goes as a whole', () => {
  expect(redactorOf([Buffer.from('abcdef\nabcdefghi\n')])('abcdefghi')).toBe('[redacted]');
});

test('a secret cut in two by a chunk boundary does not slip through', () => {
  const written: string[] = [];
  const lines = new LineRedaction(redactorOf(secrets), (chunk) => written.push(chunk.toString()));
  lines.push(Buffer.from('one tok-'));
  lines.push(Buffer.from('12345 two\nrest tok-12'));
  lines.push(Buffer.from('345'));
  lines.end();
  expect(written.join('')).toBe('one [redacted] two\nrest [redacted]');
});
