import type { Release } from './release.ts';

/**
 * The digests of all files in the format that `sha256sum --check` of GNU coreutils reads, to be checked in the
 * release's folder. It names secret files' digests too, so on a machine it is for root only.
 */
export function checksumFile(release: Release): string {
  return release.entries
    .filter((entry) => entry.type === 'file')
    .map(({ sha256, path }) => {
      // The ./ because a file called `-` would be standard input.
      const name = `./${path}`;
      const escaped = escapeName(name);
      // A leading backslash says that the name is escaped.
      return `${escaped === name ? '' : '\\'}${sha256}  ${escaped}\n`;
    })
    .join('');
}

/**
 * Escapes as coreutils' digest.c does. It takes a carriage return only at a line's end for something else, and
 * versions before 9 do not know `\r`, so any other one is left alone.
 */
function escapeName(name: string): string {
  return name.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replace(/\r$/, '\\r');
}
