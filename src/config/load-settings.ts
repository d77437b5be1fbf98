import { existsSync, readFileSync } from 'node:fs';
import { isAbsolute, join, relative, resolve } from 'node:path';
import { SpotError, SpotErrors } from '../errors/spot-error.ts';
import { unreadable } from '../project/unreadable.ts';
import { defaultSettings } from './default-settings.ts';
import { applyOverrides, type Environment, readOverrides, type SettingsFlags } from './overrides.ts';
import type { Settings } from './settings.ts';

export interface SettingsInput {
  /** Absolute path of the project. */
  readonly root: string;
  /** The file named with --config, relative to the working directory. */
  readonly configPath?: string | undefined;
  readonly env: Environment;
  readonly flags: SettingsFlags;
}

/**
 * The settings of a project: flags before environment before file before defaults. Without a file only a
 * rehearsal is possible, since nothing says which regions to pay in.
 *
 * @throws SpotErrors with every mistake that was found: SPOT-E-CONFIG-*, SPOT-E-NOT-SUPPORTED
 */
export async function loadSettings(input: SettingsInput): Promise<Settings> {
  const overrides = readOverrides(input.env, input.flags);
  const path = findConfig(input);
  const onlyLocal = overrides.every(({ path: [key], value }) => key === 'cloud' && value === 'local');
  if (path === undefined && overrides.length > 0 && onlyLocal) return defaultSettings;

  const { parseConfig, emptySource } = await import('./parse-config.ts');
  const { readYaml } = await import('./yaml-source.ts');
  const name = path === undefined ? '' : displayName(path, input.root);
  const file = path === undefined ? emptySource : readYaml(readBytes(path, name), name);
  const settings = parseConfig(applyOverrides(file, overrides), input.root);
  if (settings.regions.length === 0) throw noRegions(name);
  return settings;
}

function findConfig({ root, configPath, env }: SettingsInput): string | undefined {
  const named = configPath ?? (env.SPOT_CONFIG_PATH || undefined);
  if (named !== undefined) {
    const path = resolve(named);
    if (existsSync(path)) return path;
    throw new SpotError('SPOT-E-CONFIG-NOT-FOUND', { message: `${path} does not exist.` });
  }
  const usual = join(root, '.spot/config.yaml');
  if (existsSync(usual)) return usual;
  if (!existsSync(join(root, '.spot/config.yml'))) return undefined;
  throw new SpotError('SPOT-E-CONFIG-NOT-FOUND', {
    message: 'The configuration is called .spot/config.yml.',
    where: '.spot/config.yml',
    hint: 'Rename it: mv .spot/config.yml .spot/config.yaml',
  });
}

/** Relative to the project where it lies in it. */
function displayName(path: string, root: string): string {
  const inside = relative(root, path);
  return inside.startsWith('../') || isAbsolute(inside) ? path : inside;
}

function readBytes(path: string, name: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    throw unreadable(name, error);
  }
}

function noRegions(file: string): SpotErrors {
  const message =
    file === '' ? 'There is no .spot/config.yaml that names regions.' : `${file} names no regions.`;
  return new SpotErrors([
    new SpotError('SPOT-E-CONFIG-NO-REGIONS', { message, ...(file === '' ? {} : { where: file }) }),
  ]);
}
