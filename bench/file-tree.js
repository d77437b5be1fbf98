import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const folders = 100;
const filesPerFolder = 100;
const largestFile = 8192;

/**
 * Writes 10,000 files of 0 to 8 KB (41 MB together) into 100 folders below `root`. The same `seed` gives the same
 * bytes; another seed changes every file, so that nothing can be known from a delivery before.
 */
export function writeFileTree(root, seed) {
  const text = pseudoRandomText(seed, 1024 * 1024);
  for (let folder = 0; folder < folders; folder++) {
    const path = join(root, `folder-${folder}`);
    mkdirSync(path, { recursive: true });
    for (let file = 0; file < filesPerFolder; file++) {
      const number = folder * filesPerFolder + file;
      const start = (number * 4099) % (text.length - largestFile);
      writeFileSync(
        join(path, `file-${file}.txt`),
        text.subarray(start, start + ((number * 7919) % largestFile)),
      );
    }
  }
}

/** Hexadecimal text: it shrinks by about half, as source code at the least does. */
function pseudoRandomText(seed, length) {
  const lines = [];
  for (let line = 0; line * 65 < length; line++) {
    lines.push(`${createHash('sha256').update(`${seed}/${line}`).digest('hex')}\n`);
  }
  return Buffer.from(lines.join(''));
}
