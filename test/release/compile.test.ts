import { describe, expect, it } from 'vitest';
import type { Deployment } from '../../src/project/deployment.ts';
import { compile, releaseRecord } from '../../src/release/compile.ts';
import { deploymentOf } from '../fixtures/deployment-of.ts';

/** Fixed in every field, so that a change of the id is seen. */
const fixed: Deployment = {
  name: 'app',
  root: '/somewhere',
  mode: 'convention',
  entries: [
    { type: 'directory', path: 'deployment', mode: 0o755 },
    { type: 'file', path: 'deployment/setup.sh', mode: 0o755, size: 3_000_000, sha256: 'aa', secret: false },
    { type: 'symlink', path: 'link', target: 'deployment' },
    { type: 'directory', path: 'secrets', mode: 0o700 },
    { type: 'file', path: 'secrets/key', mode: 0o600, size: 1, sha256: 'bb', secret: true },
  ],
  notices: [],
  packages: ['git'],
  scripts: [
    {
      id: 'setup',
      title: 'deployment/setup.sh',
      command: ['./deployment/setup.sh'],
      timeoutSeconds: 60,
      adopt: true,
    },
  ],
  ports: [8080],
  reboot: true,
};

it('plans the steps in order', () => {
  expect(compile(fixed).plan).toEqual({
    deployment: 'app',
    steps: [
      // Twice 3 MB and what the system needs.
      { kind: 'preflight', id: 'preflight', minimumFreeMegabytes: 519 },
      { kind: 'packages', id: 'packages', packages: ['git'] },
      { kind: 'files', id: 'files' },
      {
        kind: 'script',
        id: 'setup',
        title: 'deployment/setup.sh',
        command: ['./deployment/setup.sh'],
        timeoutSeconds: 60,
        adopt: true,
      },
      { kind: 'health', id: 'health', ports: [8080], timeoutSeconds: 120 },
      { kind: 'finish', id: 'finish', reboot: true },
    ],
  });
});

it('asks for no packages where there are none', () => {
  expect(compile({ ...fixed, packages: [] }).plan.steps.map(({ id }) => id)).not.toContain('packages');
});

it('records what it is, without the digests of secrets', () => {
  const release = compile(fixed);
  expect(releaseRecord(release, fixed)).toEqual({
    schema: 'spot-deployer/release/v1',
    id: release.id,
    deployment: 'app',
    entries: [
      { type: 'directory', path: 'deployment', mode: 0o755 },
      { type: 'file', path: 'deployment/setup.sh', mode: 0o755, size: 3_000_000, sha256: 'aa' },
      { type: 'symlink', path: 'link', target: 'deployment' },
      { type: 'directory', path: 'secrets', mode: 0o700 },
      { type: 'file', path: 'secrets/key', mode: 0o600, size: 1 },
    ],
    ports: [8080],
    steps: ['preflight', 'packages', 'files', 'setup', 'health', 'finish'],
  });
});

describe('the id', () => {
  it('is twelve hex digits, the same for the same deployment wherever it lies', () => {
    expect(compile(fixed).id).toMatch(/^[0-9a-f]{12}$/);
    expect(compile({ ...fixed, root: '/elsewhere', notices: ['a'] }).id).toBe(compile(fixed).id);
  });

  const [folder, script, link, , secret] = fixed.entries;
  const withEntry = (index: number, change: object) =>
    fixed.entries.map((entry, at) =>
      at === index ? { ...entry, ...change } : entry,
    ) as Deployment['entries'];
  it.each<[string, Partial<Deployment>]>([
    ['the name', { name: 'other' }],
    ['a file’s content', { entries: withEntry(1, { sha256: 'ab' }) }],
    ['a file’s mode', { entries: withEntry(1, { mode: 0o644 }) }],
    ['a file’s path', { entries: withEntry(1, { path: 'deployment/init.sh' }) }],
    ['a link’s target', { entries: withEntry(2, { target: 'secrets' }) }],
    ['a folder’s mode', { entries: withEntry(3, { mode: 0o755 }) }],
    ['a secret’s content', { entries: withEntry(4, { sha256: 'bc' }) }],
    ['an entry less', { entries: [folder, script, link, secret] as Deployment['entries'] }],
    ['the packages', { packages: [] }],
    ['the ports', { ports: [] }],
    ['the reboot', { reboot: false }],
    ['a timeout', { scripts: fixed.scripts.map((step) => ({ ...step, timeoutSeconds: 61 })) }],
  ])('changes with %s', (_, change) => {
    expect(compile({ ...fixed, ...change }).id).not.toBe(compile(fixed).id);
  });

  it('cannot be had for another tree by names that contain line breaks', () => {
    const file = (path: string) => ({ type: 'symlink' as const, path, target: 'x' });
    const one = compile({ ...fixed, entries: [file('a\nb')] });
    const two = compile({ ...fixed, entries: [file('a'), file('b')] });
    expect(one.id).not.toBe(two.id);
  });

  it('is the same for two folders with the same content', async () => {
    const files = { a: 'one', 'b/c': { content: 'two', mode: 0o755 }, '.env': 'KEY=1' };
    const [one, two] = [await deploymentOf(files), await deploymentOf(files)];
    expect(one.root).not.toBe(two.root);
    expect(compile(one)).toEqual(compile(two));
  });
});
