import type { CloudTarget } from '../cloud/cloud-target.ts';
import type { RegionSettings, Settings } from '../config/settings.ts';

/**
 * The image of a launch. A rehearsal boots its own: an image of the AWS account is not there, and the configuration
 * that is rehearsed is to be the one that is deployed.
 */
export function launchImage(target: CloudTarget['name'], region: RegionSettings): string {
  return target === 'local' ? 'auto' : region.image;
}

/** What a rehearsal goes without, in sentences. */
export function rehearsalNotices(target: CloudTarget['name'], settings: Settings): readonly string[] {
  if (target !== 'local') return [];
  const images = new Set(settings.regions.map(({ image }) => image).filter((image) => image !== 'auto'));
  return [...images].map((image) => `The rehearsal boots its own image: ${image} is one of the AWS account.`);
}
