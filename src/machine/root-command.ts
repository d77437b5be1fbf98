import { quoteShell } from './shell.ts';

/** A bash script as one remote command line, run as root; the first command that fails ends it. */
export function rootCommand(script: string): string {
  return `sudo -n bash -c ${quoteShell(`set -euo pipefail\n${script.replaceAll(/^ {4}/gm, '').trim()}`)}`;
}
