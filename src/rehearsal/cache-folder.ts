import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/**
 * The folder for what can be made again: `$SPOT_CACHE_DIR`, else `spot-deployer` below `$XDG_CACHE_HOME`, else
 * `~/.cache/spot-deployer`. https://specifications.freedesktop.org/basedir-spec/latest/
 */
export function cacheFolder(environment: NodeJS.ProcessEnv = process.env): string {
  if (environment.SPOT_CACHE_DIR) return resolve(environment.SPOT_CACHE_DIR);
  const base = environment.XDG_CACHE_HOME || join(homedir(), '.cache');
  return resolve(base, 'spot-deployer');
}
