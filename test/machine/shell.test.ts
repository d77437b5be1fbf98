import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { quoteShell, shellCommand } from '../../src/machine/shell.ts';

const hostile = [
  '',
  ' ',
  'two words',
  "it's",
  "''",
  '"double"',
  `$HOME $(id) \`id\` \${x}`,
  'back\\slash\\',
  'line one\nline two\n',
  '\ttab\rreturn',
  '-n',
  '--help',
  '*',
  '?[a-z]',
  '~',
  '!!',
  'a;b&c|d>e<f',
  '#comment',
  'A=b',
  '{a,b}',
  'naïve ☃ 中文',
  '\u0001\u007f',
  '%s %n',
];

describe('quoteShell', () => {
  it('brings every value through a real shell as it is', () => {
    const output = execFileSync('bash', [
      '-c',
      `printf '%s\\0' ${hostile.map(quoteShell).join(' ')}`,
    ]).toString();
    expect(output.split('\0').slice(0, -1)).toEqual(hostile);
  });

  it('brings them through a POSIX shell too, which may be the login shell', () => {
    const output = execFileSync('sh', [
      '-c',
      `printf '%s\\0' ${hostile.map(quoteShell).join(' ')}`,
    ]).toString();
    expect(output.split('\0').slice(0, -1)).toEqual(hostile);
  });

  it('leaves plain words readable', () => {
    expect(quoteShell('deployment/setup.sh')).toBe('deployment/setup.sh');
    expect(quoteShell("it's")).toBe(`'it'\\''s'`);
  });

  it('refuses a NUL, which no argument can carry', () => {
    expect(() => quoteShell('a\0b')).toThrow(
      expect.objectContaining({
        code: 'SPOT-E-INTERNAL',
        message: 'A value with a NUL byte cannot reach a shell: "a\\u0000b"',
      }),
    );
  });
});

describe('shellCommand', () => {
  it('never lets a program name be taken for an assignment or a keyword', () => {
    expect(shellCommand(['A=b', 'x'])).toBe(`'A=b' x`);
    expect(shellCommand(['if', 'x'])).toBe(`'if' x`);
  });

  it('survives being an argument of a second shell', () => {
    const inner = shellCommand(['printf', '%s\\0', ...hostile]);
    const output = execFileSync('bash', ['-c', shellCommand(['bash', '-c', inner])]).toString();
    expect(output.split('\0').slice(0, -1)).toEqual(hostile);
  });
});
