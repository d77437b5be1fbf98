import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { extract } from 'tar-stream';
import { expect, it } from 'vitest';
import { secretFilesCommand } from '../../src/machine/secret-files.ts';
import { temporaryFolder } from '../fixtures/temporary-project.ts';

/** Runs what a machine runs, with its folders below `root` and without sudo. @returns names in the tar */
async function namesOfSecrets(root: string): Promise<readonly string[]> {
  const here = secretFilesCommand()
    .replace(/^sudo -n /, '')
    .replaceAll('/var/lib/spot', `${root}/var`)
    .replaceAll('/opt/spot', `${root}/opt`);
  const incoming = extract();
  incoming.end(execFileSync('bash', ['-c', here]));
  const names: string[] = [];
  for await (const entry of incoming) {
    names.push(entry.header.name.replace(root.slice(1), '').replace(/^\/+/, ''));
    entry.resume();
  }
  return names.sort();
}

function write(path: string, content: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content, { mode: 0o600 });
}

it('fetches what was sent as a secret, whatever it is called, and nothing else that is private', async () => {
  const root = temporaryFolder();
  expect(await namesOfSecrets(root)).toEqual([]);
  const names = ['key', 'a "quoted" one', 'back\\slash', 'new\nline', 'ünï', '-rf', 'gone', 'large'];
  for (const release of ['r1', 'r2']) {
    write(join(root, 'var/releases', release, 'secrets'), names.map((name) => `secrets/${name}\0`).join(''));
    for (const name of names.slice(0, -2)) write(join(root, 'opt/releases', release, 'secrets', name), name);
    write(join(root, 'opt/releases', release, 'secrets/large'), 'x'.repeat(2 ** 20));
    write(join(root, 'opt/releases', release, 'of a service'), 'not sent');
  }
  write(join(root, 'var/former-secrets/abc'), 'of a release that was removed');
  const sent = ['r1', 'r2'].flatMap((release) =>
    names.slice(0, -2).map((name) => `opt/releases/${release}/secrets/${name}`),
  );
  expect(await namesOfSecrets(root)).toEqual([...sent, 'var/former-secrets/abc'].sort());
});
