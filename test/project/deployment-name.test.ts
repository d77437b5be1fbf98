import { expect, it } from 'vitest';
import { deploymentName, nameFromFolder } from '../../src/project/deployment-name.ts';

it.each([
  ['my-app', 'my-app'],
  ['My App_2.0', 'My-App_2.0'],
  ['--help', 'help'],
  ['.hidden', 'hidden'],
  ['Café Zürich', 'Cafe-Zurich'],
  ['Cafe\u0301', 'Cafe'],
  ['a/b\nc "d" $(e)', 'a-b-c-d-e'],
  ['x'.repeat(60), 'x'.repeat(40)],
  [`${'x'.repeat(39)} y`, 'x'.repeat(39)],
  ['日本語', 'project-77710aed'],
  ['', 'project-e3b0c442'],
])('%j → %s', (folder, name) => {
  expect(nameFromFolder(folder)).toBe(name);
  expect(name).toMatch(deploymentName);
});
