import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

/** Whoever lets a shell, a terminal, tar, a glob or a line-wise list look at one of these gives itself away. */
export const hostileNames: readonly string[] = [
  ...['two words', ' leading', 'trailing ', ' ', "it's", '"quoted"', '`touch pwned`', '$(touch pwned)'],
  ...['; touch pwned', '&& touch pwned', '*', '?', '[a-z]', '{a,b}', '~', '!important', '#comment', '%s%n'],
  ...['new\nline', '\n', 'tab\there', 'return\r', 'escape\u001b[31m', 'back\\slash', 'back\\nslash', '\\'],
  ...['-', '-rf', '--help', '--checkpoint-action=exec=touch pwned', '...', '.hidden', 'C:\\x', 'PaxHeader'],
  ...[
    'café'.normalize('NFC'),
    'café'.normalize('NFD'),
    '日本語',
    '👩‍🚀',
    '\u202ertl',
    '\u00a0',
    'a'.repeat(250),
  ],
  ...['é'.repeat(125), '$HOME'],
];

const megabyte = 1024 * 1024;

/** Fills a project with everything that a file system can hold and that a delivery may trip over. */
export function writeHostileTree(root: string, sizes: { largeMegabytes: number; smallFiles: number }): void {
  for (const name of hostileNames) {
    writeAt(root, `names/${name}`, `this is ${JSON.stringify(name)}\n`);
    writeAt(root, `folders/${name}/${name}`, name);
  }
  writeAt(root, '-folder/-file', 'dashes');
  writeAt(root, `${'depth-of-thirty-characters-more/'.repeat(12)}file`, 'deep');
  writeAt(root, 'empty/file', '');
  mkdirSync(join(root, 'empty/folder/in a folder'), { recursive: true });
  writeAt(root, 'bytes', Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)));

  writeAt(root, 'modes/read-only', 'r', 0o444);
  writeAt(root, 'modes/group-writable', 'w', 0o666);
  writeAt(root, 'modes/run.sh', '#!/bin/sh\n', 0o755);
  writeAt(root, 'modes/only-mine', 'x', 0o700);
  writeAt(root, 'modes/set-user-id', 's', 0o4755);
  writeAt(root, 'modes/folder/inside', 'inside', 0o400);
  chmodSync(join(root, 'modes/folder'), 0o555);

  mkdirSync(join(root, 'links'));
  const links = {
    'to file': '../bytes',
    'to folder': '../empty/folder',
    loop: 'loop',
    dangling: 'no/such file',
  };
  for (const [name, target] of Object.entries(links)) symlinkSync(target, join(root, 'links', name));
  symlinkSync('../names/$(touch pwned)', join(root, 'links', 'new\nline'));
  symlinkSync('..', join(root, 'links', 'to the project'));

  writeLargeFile(join(root, 'large.bin'), sizes.largeMegabytes);
  for (let index = 0; index < sizes.smallFiles; index += 1) {
    writeAt(root, `many/${index % 100}/${index}`, `${index}\n`);
  }
}

/** A hole with random bytes at both ends: a byte lost or added anywhere shows in the digest. */
function writeLargeFile(path: string, megabytes: number): void {
  const file = openSync(path, 'w');
  writeSync(file, randomBytes(megabyte));
  ftruncateSync(file, (megabytes - 1) * megabyte);
  writeSync(file, randomBytes(megabyte), 0, megabyte, (megabytes - 1) * megabyte);
  closeSync(file);
}

function writeAt(root: string, path: string, content: string | Buffer, mode = 0o644): void {
  const absolute = `${root}/${path}`;
  mkdirSync(dirname(absolute), { recursive: true });
  writeFileSync(absolute, content);
  // Apart, because the umask applies to writeFileSync's.
  chmodSync(absolute, mode);
}
