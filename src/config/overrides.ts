import { SpotError, SpotErrors } from '../errors/spot-error.ts';
import { type ConfigSource, formatPath, type Path } from './config-source.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Flags that say something about the settings. */
export interface SettingsFlags {
  readonly local?: boolean;
  readonly count?: number;
}

/** A value from outside the file that takes the place of the one in it. */
export interface Override {
  readonly path: Path;
  readonly value: unknown;
  /** What a person has to change: `environment variable SPOT_NAME`. */
  readonly origin: string;
}

/** Variables for the settings that are one value. */
const variables: Readonly<Record<string, { readonly path: Path; readonly read: (text: string) => unknown }>> =
  {
    SPOT_CLOUD: { path: ['cloud'], read: String },
    SPOT_NAME: { path: ['name'], read: String },
    SPOT_TTL: { path: ['ttl'], read: String },
    SPOT_TIMEOUT: { path: ['timeout'], read: String },
    SPOT_REBOOT: { path: ['reboot'], read: truth },
    SPOT_TOTAL_INSTANCES: { path: ['aws', 'total_instances'], read: number },
    SPOT_USERNAME: { path: ['aws', 'username'], read: String },
    SPOT_SSH_KEY_NAME: { path: ['aws', 'ssh_key_name'], read: String },
    SPOT_PUBLIC_SSH_KEY_PATH: { path: ['aws', 'public_ssh_key_path'], read: String },
    SPOT_PRIVATE_SSH_KEY_PATH: { path: ['aws', 'private_ssh_key_path'], read: String },
    SPOT_INSTANCE_STORAGE_GB: { path: ['aws', 'instance_storage_gb'], read: number },
    SPOT_SPOT_PRICE_LIMIT: { path: ['aws', 'spot_price_limit'], read: number },
  };

/** Variables that earlier tools obeyed. To pass over one would write or read somewhere else than its user thinks. */
const unsupported = ['SPOT_FILES_DIR', 'SPOT_OUTPUT_DIR', 'SPOT_STATE_PATH'];

/**
 * What the environment and the flags say, in the order in which it takes effect. An empty variable is as good as
 * none.
 *
 * @throws SpotErrors with SPOT-E-NOT-SUPPORTED for variables of earlier tools
 */
export function readOverrides(environment: Environment, flags: SettingsFlags): readonly Override[] {
  const refused = unsupported.filter((name) => environment[name]);
  if (refused.length > 0) throw new SpotErrors(refused.map(refuse));
  const overrides: Override[] = [];
  for (const [name, { path, read }] of Object.entries(variables)) {
    const text = environment[name];
    if (text) overrides.push({ path, value: read(text), origin: `environment variable ${name}` });
  }
  if (flags.local) overrides.push({ path: ['cloud'], value: 'local', origin: '--local' });
  if (flags.count !== undefined) {
    overrides.push({ path: ['aws', 'total_instances'], value: flags.count, origin: '--count' });
  }
  return overrides;
}

/** A source in which the overrides, the later before the earlier, stand in for what the file says. */
export function applyOverrides(source: ConfigSource, overrides: readonly Override[]): ConfigSource {
  const values = overrides.reduce(
    (current, { path, value }) => withValue(current, path, value),
    source.values,
  );
  const origins = new Map(overrides.map(({ path, origin }) => [formatPath(path), origin]));
  return {
    values,
    locate: (path, part) => origins.get(formatPath(path)) ?? source.locate(path, part),
  };
}

/** A copy with another value at `path`; what is no map is left for the schema to refuse. */
function withValue(values: unknown, [key, ...rest]: Path, value: unknown): unknown {
  if (key === undefined) return value;
  const map = values ?? {};
  if (typeof map !== 'object' || Array.isArray(map)) return values;
  return { ...map, [key]: withValue((map as Record<PropertyKey, unknown>)[key], rest, value) };
}

/** Text that is no number stays text, so that the schema says what it expected. */
function number(text: string): unknown {
  return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
}

function truth(text: string): unknown {
  return text === 'true' || text === 'false' ? text === 'true' : text;
}

function refuse(name: string): SpotError {
  return new SpotError('SPOT-E-NOT-SUPPORTED', {
    message: `The environment variable ${name} is set, but this version does not obey it.`,
    where: `environment variable ${name}`,
    hint: `Unset it: unset ${name}`,
  });
}
