import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Plugin } from 'rolldown';

const fileName = 'THIRD-PARTY-LICENSES.txt';
/** What licences ask to be passed on: their text, and under Apache-2.0 the NOTICE file where there is one. */
const licenceFiles = /^(licen[cs]e|copying|notice)\b(?!.*\.[cm]?[jt]s$)/i;

interface Manifest {
  readonly name?: string;
  readonly version?: string;
  readonly license?: string;
  readonly author?: string | { readonly name?: string };
}

/**
 * Writes the licences of all foreign code into the bundle's folder, as those licences ask. The packages are those
 * that the modules of the finished chunks came from: no list has to be kept, and none can be forgotten.
 */
export const thirdPartyLicenses: Plugin = {
  name: 'third-party-licenses',
  generateBundle(_options, bundle) {
    const folders = new Set<string>();
    for (const output of Object.values(bundle)) {
      if (output.type !== 'chunk') continue;
      for (const id of output.moduleIds) {
        const folder = packageFolder(id);
        if (folder !== undefined) folders.add(folder);
      }
    }
    this.emitFile({ type: 'asset', fileName, source: licencesText(folders) });
  },
};

/** The folder of the package that a module came from; undefined for our own. */
function packageFolder(moduleId: string): string | undefined {
  // The bundler's own helpers are not on disk as a module.
  if (moduleId.startsWith('\0rolldown/')) {
    return ownerOf(createRequire(import.meta.url).resolve('rolldown'));
  }
  return moduleId.includes('/node_modules/') ? ownerOf(moduleId.replace(/^\0/, '')) : undefined;
}

/** The nearest folder above whose package.json has a name: some packages keep nameless ones in subfolders. */
function ownerOf(path: string): string {
  let folder = dirname(path);
  while (!existsSync(join(folder, 'package.json')) || readManifest(folder).version === undefined) {
    if (folder === dirname(folder)) throw new RangeError(`${path} belongs to no package`);
    folder = dirname(folder);
  }
  return folder;
}

/** Every text once, under the packages that it belongs to. */
function licencesText(folders: ReadonlySet<string>): string {
  const packagesByText = new Map<string, Set<string>>();
  for (const folder of folders) {
    const { name, version } = readManifest(folder);
    const text = licenceOf(folder);
    const packages = packagesByText.get(text) ?? new Set();
    packagesByText.set(text, packages.add(`${name} ${version}`));
  }
  const sections = [...packagesByText]
    .map(([text, packages]) => `${[...packages].sort().join('\n')}\n\n${text}\n`)
    .sort();
  return [
    'spot-deployer contains code of the packages below, each under the licence that follows its name.\n',
    ...sections,
  ].join(`\n${'='.repeat(80)}\n\n`);
}

function licenceOf(folder: string): string {
  const texts = readdirSync(folder)
    .filter((name) => licenceFiles.test(name))
    .sort()
    .map((name) => readFileSync(join(folder, name), 'utf8').replaceAll('\r\n', '\n').trim());
  if (texts.length > 0) return texts.join('\n\n');
  const { name, license, author } = readManifest(folder);
  if (license === undefined) throw new RangeError(`${name} names no licence, so it must not be bundled`);
  const holder = typeof author === 'object' ? author.name : author;
  return `The package has no licence file. Its package.json says: ${license}${holder ? `, by ${holder}` : ''}.`;
}

function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
}
