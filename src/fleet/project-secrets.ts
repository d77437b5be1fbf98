import { secretContents } from '../project/secret-contents.ts';
import type { Fleet } from './fleet.ts';

/** The content of each secret file that the project has today, as far as it can be read. */
export function projectSecrets(fleet: Fleet): Promise<readonly Buffer[]> {
  return secretContents(fleet.root, fleet.settings.exclude);
}
