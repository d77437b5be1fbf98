import { expect, it } from 'vitest';
import { secretContents } from '../../src/project/secret-contents.ts';
import { temporaryProject } from '../fixtures/temporary-project.ts';

it('reads the secret files of a project that could not be deployed as it is', async () => {
  const root = temporaryProject({
    'deployment/setup.sh': 'if without an end',
    'secrets/key': 'the key',
    'secrets/left-out': 'not sent',
    'env/production': 'the environment',
    '.env': { link: 'env/production' },
    'leads-out': { link: '/etc/hostname' },
    '.spotignore': 'secrets/left-out\n',
    'ordinary.txt': 'no secret',
  });
  const contents = await secretContents(root, []);
  expect(contents.map(String)).toEqual(['the environment', 'the key']);
});

it('takes what it can read', async () => {
  const root = temporaryProject({
    'secrets/a': 'a',
    'secrets/b': { link: 'nowhere' },
    '.spotignore/folder': '',
  });
  expect((await secretContents(root, [])).map(String)).toEqual(['a']);
});
