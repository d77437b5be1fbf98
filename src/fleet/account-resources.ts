import type { CloudTarget } from '../cloud/cloud-target.ts';
import type { RegionSettings, Settings } from '../config/settings.ts';

/** What a launch names that only the user's AWS account has. */
export interface AccountResources {
  readonly image: string;
  readonly keyName: string | undefined;
}

/**
 * The image and the key pair of a launch. A rehearsal goes without those of the account, which are not there, so that
 * the configuration that is rehearsed is the one that is deployed.
 */
export function accountResources(
  target: CloudTarget['name'],
  _settings: Settings,
  region: RegionSettings,
): AccountResources {
  return { image: target === 'local' ? 'auto' : region.image, keyName: undefined };
}

/** What a rehearsal goes without, in sentences. */
export function rehearsalNotices(target: CloudTarget['name'], settings: Settings): readonly string[] {
  if (target !== 'local') return [];
  const images = new Set(settings.regions.map(({ image }) => image).filter((image) => image !== 'auto'));
  return [...images].map((image) => `The rehearsal boots its own image: ${image} is one of the AWS account.`);
}
