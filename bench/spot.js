import { fileURLToPath } from 'node:url';
import spawn from 'nano-spawn';

/** The bundle, as it is published. */
export const bundle = fileURLToPath(new URL('../dist/spot.js', import.meta.url));

/**
 * Runs `spot ARGS` in a project folder; resolves to its standard output, rejects with what it said when it fails.
 * @param {{ nodeArguments?: string[], env?: Record<string, string> }} options
 */
export async function spot(folder, args, { nodeArguments = [], env = {} } = {}) {
  const { stdout } = await spawn(process.execPath, [...nodeArguments, bundle, ...args], {
    cwd: folder,
    env,
    stdin: 'ignore',
  });
  return stdout;
}

/** Runs `spot ARGS --json` and answers the value of each line it printed. */
export async function spotLines(folder, args) {
  const output = await spot(folder, [...args, '--json']);
  return output.split('\n').map((line) => JSON.parse(line));
}
