import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { defaultSettings } from '../../src/config/default-settings.ts';
import type { Settings } from '../../src/config/settings.ts';
import { discover } from '../../src/project/discover.ts';
import { errorLinesOf } from '../fixtures/errors-of.ts';
import { type Content, minimal, temporaryFolder, temporaryProject } from '../fixtures/temporary-project.ts';

const find = (files: Readonly<Record<string, Content>>, settings: Partial<Settings> = {}) =>
  discover(temporaryProject(files), { ...defaultSettings, ...settings });

it('makes a deployment of a folder with deployment/setup.sh', async () => {
  const root = temporaryProject({ 'My App/deployment/setup.sh': 'true\n', 'My App/app.py': 'x' });
  const settings = { ...defaultSettings, ports: [8080], packages: ['git'], reboot: true, timeoutSeconds: 60 };
  expect(await discover(join(root, 'My App'), settings)).toEqual({
    name: 'My-App',
    root: join(root, 'My App'),
    mode: 'convention',
    entries: [
      expect.objectContaining({ path: 'app.py' }),
      expect.objectContaining({ path: 'deployment' }),
      expect.objectContaining({ path: 'deployment/setup.sh' }),
    ],
    notices: [],
    packages: ['git'],
    scripts: [
      {
        id: 'setup',
        title: 'deployment/setup.sh',
        command: ['bash', './deployment/setup.sh'],
        timeoutSeconds: 60,
        adopt: true,
      },
    ],
    ports: [8080],
    reboot: true,
  });
});

it('takes the name from the settings before the folder’s', async () => {
  expect((await find(minimal, { name: 'given' })).name).toBe('given');
});

it('takes init.sh when there is no setup.sh, and says so when there are both', async () => {
  const init = await find({ 'deployment/init.sh': 'true' });
  expect(init.scripts).toMatchObject([{ id: 'setup', title: 'deployment/init.sh' }]);
  expect(init.notices).toEqual([]);
  const both = await find({ ...minimal, 'deployment/init.sh': 'true' });
  expect(both.scripts).toMatchObject([{ title: 'deployment/setup.sh' }]);
  expect(both.notices).toEqual([
    'There are deployment/setup.sh and deployment/init.sh: only deployment/setup.sh is run.',
  ]);
});

it('runs a setup.sh that is a link to a script of the project', async () => {
  const { scripts } = await find({
    'scripts/real.sh': { content: '#!/bin/sh\n', mode: 0o755 },
    'deployment/setup.sh': { link: '../scripts/real.sh' },
  });
  expect(scripts).toMatchObject([{ title: 'deployment/setup.sh', command: ['./deployment/setup.sh'] }]);
});

describe('refuses', () => {
  it('a project without a script', async () => {
    const root = temporaryProject({ 'deployment/': '' });
    expect(await errorLinesOf(() => discover(root, defaultSettings))).toEqual([
      `SPOT-E-PROJECT-NOT-FOUND - There is neither deployment/setup.sh nor deployment/init.sh in ${root}.`,
    ]);
  });

  it.each([
    ['a folder', { 'deployment/setup.sh/': '' }, 'it is not a file'],
    ['left out', { ...minimal, '.spotignore': '*.sh' }, 'it is left out of the bundle'],
    [
      'a link to what is left out',
      { 'deployment/setup.sh': { link: '../node_modules/a.sh' }, 'node_modules/a.sh': 'true' },
      'it is left out of the bundle',
    ],
  ] as const)('a setup.sh that is %s', async (_, files, why) => {
    expect(await errorLinesOf(() => find(files))).toEqual([
      `SPOT-E-SCRIPT-INVALID deployment/setup.sh deployment/setup.sh cannot run: ${why}.`,
    ]);
  });

  it('a manifest, rather than deploying something else than it says', async () => {
    expect(await errorLinesOf(() => find({ ...minimal, '.spot/deployment.yaml': 'version: 1' }))).toEqual([
      'SPOT-E-NOT-SUPPORTED .spot/deployment.yaml .spot/deployment.yaml is there, but this version reads no manifests.',
    ]);
  });

  it('a folder that is gone', async () => {
    const gone = join(temporaryFolder(), 'gone');
    expect(await errorLinesOf(() => discover(gone, defaultSettings))).toEqual([
      `SPOT-E-PROJECT-UNREADABLE ${gone} "${gone}" cannot be read: no such file or directory.`,
    ]);
  });
});
