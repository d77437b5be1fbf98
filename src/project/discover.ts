import { basename } from 'node:path';
import type { Settings } from '../config/settings.ts';
import { collect } from './collect.ts';
import { readConvention } from './convention.ts';
import type { Deployment } from './deployment.ts';
import { nameFromFolder } from './deployment-name.ts';
import { readExclusions } from './exclusions.ts';

/**
 * Reads the project folder and decides what is deployed. Every file is read once, for its digest.
 *
 * @param root absolute path of the project
 * @throws SPOT-E-PROJECT-*, SPOT-E-SCRIPT-INVALID, SPOT-E-NOT-SUPPORTED
 */
export async function discover(root: string, settings: Settings): Promise<Deployment> {
  const { entries, notices } = await collect(root, readExclusions(root, settings.exclude));
  const convention = await readConvention(root, entries, settings.timeoutSeconds);
  return {
    name: settings.name ?? nameFromFolder(basename(root)),
    root,
    mode: 'convention',
    entries,
    notices: [...convention.notices, ...notices],
    packages: settings.packages,
    scripts: convention.scripts,
    ports: settings.ports,
    reboot: settings.reboot,
  };
}
