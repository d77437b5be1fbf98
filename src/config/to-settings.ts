import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { defaultSettings } from './default-settings.ts';
import type { Config } from './schema.ts';
import type { RegionSettings, Settings } from './settings.ts';

/**
 * The settings that a checked configuration stands for. Paths become absolute: `~/` is the home folder, and the
 * rest is relative to the project.
 *
 * @param root absolute path of the project
 */
export function toSettings(config: Config, root: string): Settings {
  const { aws } = config;
  const listed = config.regions.flatMap((region) => Object.entries(region).map(toRegion));
  const regions = listed.length === 0 && config.cloud === 'local' ? defaultSettings.regions : listed;
  return {
    name: config.name,
    cloud: config.cloud,
    totalInstances: aws.total_instances ?? sumOfRegions(regions) ?? defaultSettings.totalInstances,
    username: aws.username,
    storageGb: aws.instance_storage_gb,
    spotPriceLimit: aws.spot_price_limit,
    tags: aws.tags,
    regions,
    ports: config.ports,
    ssh: {
      allow: config.ssh.allow,
      privateKeyPath: absolute(aws.private_ssh_key_path, root),
      publicKeyPath: absolute(aws.public_ssh_key_path, root),
    },
    ttlSeconds: config.ttl,
    timeoutSeconds: config.timeout,
    reboot: config.reboot,
    packages: config.packages,
    exclude: config.exclude,
  };
}

function toRegion([region, settings]: [string, Config['regions'][number][string]]): RegionSettings {
  return {
    region,
    machineType: settings.machine_type,
    image: settings.image,
    instances: settings.instances_per_region,
    storageGb: settings.instance_storage_gb,
    spotPriceLimit: settings.spot_price_limit,
    tags: settings.tags,
  };
}

/** What the regions come to when each of them says how many it takes. */
function sumOfRegions(regions: readonly RegionSettings[]): number | undefined {
  const counts = regions.map(({ instances }) => instances);
  if (counts.length === 0 || counts.includes(undefined)) return undefined;
  return counts.reduce<number>((sum, count) => sum + (count ?? 0), 0);
}

function absolute(path: string | undefined, root: string): string | undefined {
  if (path === undefined) return undefined;
  return path === '~' || path.startsWith('~/') ? resolve(homedir(), path.slice(2)) : resolve(root, path);
}
