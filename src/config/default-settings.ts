import type { RegionSettings, Settings } from './settings.ts';

const defaultRegion = {
  machineType: 't3.medium',
  image: 'auto',
  instances: undefined,
  storageGb: undefined,
  spotPriceLimit: undefined,
  tags: {},
} satisfies Omit<RegionSettings, 'region'>;

/**
 * Every default, which the schema refers to; as a whole, the settings of a rehearsal without a configuration
 * file. They are here, not in the schema, so that such a rehearsal starts without loading the validator and the
 * YAML parser (30 ms of the 180 ms that `spot list --local` may take).
 */
export const defaultSettings: Settings & { readonly regions: readonly [RegionSettings, RegionSettings] } = {
  name: undefined,
  cloud: 'local',
  totalInstances: 3,
  username: 'ubuntu',
  storageGb: 20,
  spotPriceLimit: undefined,
  tags: {},
  // Two, so that a rehearsal shows what a deployment across regions is like.
  regions: [
    { region: 'us-west-2', ...defaultRegion },
    { region: 'us-east-1', ...defaultRegion },
  ],
  ports: [],
  ssh: { allow: 'auto', privateKeyPath: undefined, publicKeyPath: undefined },
  ttlSeconds: undefined,
  timeoutSeconds: 1800,
  reboot: false,
  packages: [],
  exclude: [],
};
