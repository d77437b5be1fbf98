import { execFileSync } from 'node:child_process';

const docker = (...args: readonly string[]) => execFileSync('docker', args, { encoding: 'utf8' }).trim();

/**
 * Keeps the images of all rehearsals while `work` cleans, by containers that use them: they take half a minute to
 * make, and others may be starting machines from them. What cleaning does to images nobody uses is tested elsewhere.
 */
export async function keepImages<Result>(work: () => PromiseLike<Result>): Promise<Result> {
  const format = '{{.Repository}}:{{.Tag}}';
  const images = docker('images', '--filter', 'reference=spot-deployer/*', '--format', format);
  const holders = images.split('\n').map((image) => docker('create', image, 'true'));
  try {
    return await work();
  } finally {
    docker('rm', ...holders);
  }
}
