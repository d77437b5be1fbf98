import { readFile } from 'node:fs/promises';
import { defineConfig, type Plugin } from 'rolldown';
import { thirdPartyLicenses } from './scripts/third-party-licenses.ts';

/** Lets `import text from './runner.sh?raw'` mean the file's text, as Vite (and so vitest) already does. */
const rawText: Plugin = {
  name: 'raw-text',
  async resolveId(source, importer) {
    if (!source.endsWith('?raw')) return null;
    const resolved = await this.resolve(source.slice(0, -'?raw'.length), importer);
    return resolved && `${resolved.id}?raw`;
  },
  async load(id) {
    if (!id.endsWith('?raw')) return null;
    const text = await readFile(id.slice(0, -'?raw'.length), 'utf8');
    return { code: `export default ${JSON.stringify(text)};`, moduleType: 'js' };
  },
};

/**
 * ssh2 tries native speed-ups in a try/catch and runs without them. They cannot be bundled, and a `require` of them
 * that is left in would name a path of the computer that built this, or load whatever lies above the installation.
 */
const noNativeSpeedUps: Plugin = {
  name: 'no-native-speed-ups',
  resolveId: (source) => (/sshcrypto\.node$|^cpu-features$/.test(source) ? '\0native-speed-up' : null),
  load: (id) => (id === '\0native-speed-up' ? "throw new Error('Native speed-ups are not bundled.');" : null),
};

export default defineConfig({
  input: { spot: 'src/cli/spot.ts' },
  platform: 'node',
  resolve: { mainFields: ['module', 'main'] },
  // ssh2 is CommonJS and looks for its optional native parts beside itself.
  transform: { define: { __dirname: 'import.meta.dirname' } },
  plugins: [rawText, noNativeSpeedUps, thirdPartyLicenses],
  output: {
    dir: 'dist',
    format: 'esm',
    cleanDir: true,
    minify: true,
    entryFileNames: '[name].js',
    chunkFileNames: 'chunks/[name]-[hash].js',
  },
});
