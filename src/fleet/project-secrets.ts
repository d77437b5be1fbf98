import { discover } from '../project/discover.ts';
import { secretFiles } from '../release/bundle.ts';
import type { Fleet } from './fleet.ts';

/** The content of each secret file that the project has today. */
export async function projectSecrets(fleet: Fleet): Promise<readonly Buffer[]> {
  const deployment = await discover(fleet.root, fleet.settings);
  return (await secretFiles(deployment)).map(({ content }) => content);
}
