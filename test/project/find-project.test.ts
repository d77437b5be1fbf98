import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { findProject, projectAt } from '../../src/project/find-project.ts';
import { errorsOf } from '../fixtures/errors-of.ts';
import { temporaryProject } from '../fixtures/temporary-project.ts';

const notFound = (message: string) => [
  {
    code: 'SPOT-E-PROJECT-NOT-FOUND',
    message,
    hint: 'Create deployment/setup.sh, or name the folder with --project DIR.',
    evidence: [],
  },
];

it('finds the nearest folder with .spot/ or deployment/, from inside it too', () => {
  const root = temporaryProject({ 'outer/.spot/': '', 'outer/a/inner/deployment/': '', 'outer/a/b/c/': '' });
  const outer = join(root, 'outer');
  expect(findProject(outer)).toBe(outer);
  expect(findProject(join(outer, 'a/b/c'))).toBe(outer);
  expect(findProject(join(outer, '.spot'))).toBe(outer);
  expect(findProject(join(outer, 'a/inner/deployment'))).toBe(join(outer, 'a/inner'));
});

it('takes no file called deployment for a project', () => {
  const root = temporaryProject({ '.git/': '', deployment: 'text' });
  expect(() => findProject(root)).toThrow('There is neither .spot/ nor deployment/');
});

it('does not leave the repository', async () => {
  const root = temporaryProject({ '.spot/': '', 'repository/.git/': '', 'repository/a/b/': '' });
  const repository = join(root, 'repository');
  expect(await errorsOf(() => findProject(join(repository, 'a/b')))).toEqual(
    notFound(
      `There is neither .spot/ nor deployment/ in ${repository}/a/b, nor in the folders above it up to ${repository}.`,
    ),
  );
  expect(await errorsOf(() => findProject(repository))).toEqual(
    notFound(`There is neither .spot/ nor deployment/ in ${repository}.`),
  );
});

it('takes the home folder for a project only when it is started there', async () => {
  const home = temporaryProject({ '.spot/': '', 'a/b/': '' });
  expect(await errorsOf(() => findProject(join(home, 'a/b'), home))).toEqual(
    notFound(
      `There is neither .spot/ nor deployment/ in ${home}/a/b, nor in the folders above it up to ${home}/a.`,
    ),
  );
  expect(findProject(home, home)).toBe(home);
});

it('looks at no other folder than the one that is named', async () => {
  const root = temporaryProject({ '.spot/': '', 'a/': '', file: '' });
  expect(projectAt(root)).toBe(root);
  const named = (path: string) => errorsOf(() => projectAt(join(root, path)));
  expect(await named('a')).toEqual(notFound(`There is neither .spot/ nor deployment/ in ${root}/a.`));
  expect(await named('none')).toEqual(notFound(`${root}/none does not exist.`));
  expect(await named('file')).toEqual(notFound(`${root}/file is not a folder.`));
});

it('makes a relative path absolute', () => {
  const root = temporaryProject({ '.spot/': '' });
  mkdirSync(join(root, 'a'));
  expect(projectAt(`${root}/a/..`)).toBe(root);
});
