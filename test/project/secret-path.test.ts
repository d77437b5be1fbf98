import { expect, it } from 'vitest';
import { isSecretPath } from '../../src/project/secret-path.ts';

it.each([
  'secrets/key',
  'secrets/a/b/c',
  'credentials/aws',
  'deployment/secrets/key',
  'deployment/credentials/key',
  'Secrets/KEY',
  '.env',
  '.env.production',
  '.env.example.local',
  'services/api/.env',
  'services/api/.ENV.local',
])('%s is secret', (path) => {
  expect(isSecretPath(path, 'file')).toBe(true);
});

it.each([
  'app.env',
  'my.env.txt',
  '.environment',
  '.env.example',
  '.env.production.sample',
  '.env.template',
  '.env.dist',
  'src/secrets/key',
  'secrets.md',
  'mysecrets/key',
  'deployment/setup.sh',
])('%s is not', (path) => {
  expect(isSecretPath(path, 'file')).toBe(false);
});

it('takes the folders themselves for secret, but no folder for an environment file', () => {
  expect(isSecretPath('secrets', 'directory')).toBe(true);
  expect(isSecretPath('deployment/credentials', 'directory')).toBe(true);
  expect(isSecretPath('.env', 'directory')).toBe(false);
  expect(isSecretPath('.env', 'symlink')).toBe(true);
});
