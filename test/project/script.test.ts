import { describe, expect, it } from 'vitest';
import type { FileEntry } from '../../src/project/deployment.ts';
import { scriptCommand } from '../../src/project/script.ts';
import { errorsOf } from '../fixtures/errors-of.ts';
import { temporaryProject } from '../fixtures/temporary-project.ts';

const path = 'deployment/setup.sh';

const command = (content: string | Uint8Array, mode = 0o755) => {
  const file: FileEntry = { type: 'file', path, mode, size: content.length, sha256: '', secret: false };
  return scriptCommand(temporaryProject({ [path]: content }), file);
};

describe('how a script is run', () => {
  it.each([
    ['#!/bin/bash\ntrue\n', 0o755, ['./deployment/setup.sh']],
    ['#!/usr/bin/env python3\nprint(1)\n', 0o755, ['./deployment/setup.sh']],
    ['#!/bin/bash\ntrue\n', 0o644, ['/bin/bash', './deployment/setup.sh']],
    ['#! /bin/sh -e\ntrue\n', 0o644, ['/bin/sh', '-e', './deployment/setup.sh']],
    ['#!/usr/bin/env python3\nprint(1)\n', 0o644, ['/usr/bin/env', 'python3', './deployment/setup.sh']],
    // The kernel gives everything after the program as one argument.
    ['#!/usr/bin/env -S bash -e \ntrue', 0o644, ['/usr/bin/env', '-S bash -e', './deployment/setup.sh']],
    ['true\n', 0o755, ['bash', './deployment/setup.sh']],
    ['true\n', 0o644, ['bash', './deployment/setup.sh']],
  ])('%j %o', async (content, mode, expected) => {
    expect(await command(content, mode)).toEqual(expected);
  });
});

describe('what cannot run', () => {
  const advice = 'Mend the script; `bash -n FILE` shows its syntax errors.';
  it.each([
    ['an empty file', '', 1, 'the script is empty', advice],
    ['blank lines', '\n \n', 1, 'the script is empty', advice],
    [
      'Windows line endings',
      '#!/bin/bash\necho hello\r\n',
      2,
      'it has Windows line endings (CRLF), which bash takes for a part of each word',
      "Convert it: sed -i 's/\\r$//' deployment/setup.sh",
    ],
    [
      'a byte order mark',
      '\uFEFF#!/bin/bash\ntrue\n',
      1,
      'it begins with a byte order mark, which hides the shebang',
      "Remove it: sed -i '1s/^\\xEF\\xBB\\xBF//' deployment/setup.sh",
    ],
    ['an open if', '#!/bin/bash\nif true; then\n  echo\n', 4, 'syntax error: unexpected end of file', advice],
    ['a stray word', '#!/usr/bin/env bash\n\n\nfi\n', 4, "syntax error near unexpected token `fi'", advice],
    ['no shebang', 'done\n', 1, "syntax error near unexpected token `done'", advice],
  ])('%s', async (_, content, line, why, hint) => {
    expect(await errorsOf(() => command(content))).toEqual([
      {
        code: 'SPOT-E-SCRIPT-INVALID',
        message: `deployment/setup.sh cannot run: ${why}.`,
        where: `deployment/setup.sh:${line}`,
        hint,
        evidence: [],
      },
    ]);
  });
});

describe('what bash is not asked about', () => {
  it('is another language', async () => {
    expect(await command('#!/usr/bin/env python3\nif True:\n  print("(")\n')).toEqual([
      './deployment/setup.sh',
    ]);
  });

  it('is extglob, which a script turns on only when it runs', async () => {
    expect(await command('#!/bin/bash\nshopt -s extglob\nls !(a|b)\n')).toEqual(['./deployment/setup.sh']);
  });
});

it('runs nothing of the script', async () => {
  const file: FileEntry = { type: 'file', path, mode: 0o755, size: 1, sha256: '', secret: false };
  const root = temporaryProject({ [path]: '#!/bin/bash\ntouch "$(dirname "$0")/ran"\n' });
  await scriptCommand(root, file);
  await expect(
    import('node:fs').then(({ existsSync }) => existsSync(`${root}/deployment/ran`)),
  ).resolves.toBe(false);
});
