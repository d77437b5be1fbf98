import { expect, test } from 'vitest';
import { LineRedaction } from '../../src/fleet/line-redaction.ts';
import { redactorOf } from '../../src/fleet/redaction.ts';

const secrets = [
  Buffer.from('DB_PASSWORD="correct horse"\nexport TOKEN=tok-12345\nEMPTY=\nPORT=80\n'),
  Buffer.from('-----BEGIN KEY-----\nabcdefghijkl\n'),
  Buffer.from(
    '{"user": {"name": "app"}, "password": "json-pass", "pins": [1234567], "pem": "first line\\nsecond line"}',
  ),
  Buffer.from(
    'A=commented # why\nB="quoted # kept" # why\napi-key: from-yaml\n  \'py\': \'from-dict\',\nC="es\\"caped"\nurl: https://u:p@host\n',
  ),
];

test.each([
  ['a quoted value', 'connecting with correct horse', 'connecting with [redacted]'],
  ['an exported value', 'curl -H tok-12345', 'curl -H [redacted]'],
  ['a line of a key file', 'key: abcdefghijkl!', 'key: [redacted]!'],
  ['the whole assignment', 'TOKEN=tok-12345', 'TOKEN=[redacted]'],
  ['short values stay: they are words', 'listening on 80', 'listening on 80'],
  ['a string in JSON', "the password is 'json-pass'", "the password is '[redacted]'"],
  ['a number in JSON', 'pin 1234567', 'pin [redacted]'],
  ['each line of a JSON string', 'first line\nsecond line', '[redacted]\n[redacted]'],
  ['names in JSON stay', 'the password of a user', 'the password of a user'],
  ['a value with a comment behind it', 'it is commented', 'it is [redacted]'],
  ['a quoted value with a comment behind it', 'it is quoted # kept', 'it is [redacted]'],
  ['a value in YAML', 'it is from-yaml', 'it is [redacted]'],
  ['a value with a comma behind it', 'it is from-dict', 'it is [redacted]'],
  ['a value with an escape in it', 'it is es"caped', 'it is [redacted]'],
  ['a value with colons in it', 'at https://u:p@host/', 'at [redacted]/'],
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
