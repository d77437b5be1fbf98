import { SpotErrors } from '../errors/spot-error.ts';
import { configErrors } from './config-errors.ts';
import type { ConfigSource } from './config-source.ts';
import { configSchema } from './schema.ts';
import type { Settings } from './settings.ts';
import { toSettings } from './to-settings.ts';

/** What stands in for a configuration file that does not exist. */
export const emptySource: ConfigSource = { values: {}, locate: () => '.spot/config.yaml' };

/**
 * Checks a configuration and fills in its defaults.
 *
 * @param root absolute path of the project
 * @throws SpotErrors with every mistake in it
 */
export function parseConfig(source: ConfigSource, root: string): Settings {
  const result = configSchema.safeParse(source.values);
  if (!result.success) throw new SpotErrors(configErrors(result.error.issues, source));
  return toSettings(result.data, root);
}
