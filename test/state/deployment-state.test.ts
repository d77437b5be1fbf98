import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DeploymentState, type LaunchIntent, type MachineRecord } from '../../src/state/deployment-state.ts';
import { readKeyPair } from '../../src/state/key-pair.ts';

let root: string;
let state: DeploymentState;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'spot-state-'));
  state = new DeploymentState(root, 'local', 'hello');
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

const intent: LaunchIntent = {
  token: 'spot-1',
  region: 'us-west-2',
  count: 1,
  release: 'abc',
  bootstrapHostKey: { privateKey: 'private', publicKey: 'ssh-ed25519 AAAA' },
  startedAt: '2026-01-02T03:04:05.000Z',
};

const machine: MachineRecord = {
  id: 'i-1',
  region: 'us-west-2',
  index: 0,
  launchedAt: '2026-01-02T03:04:05.000Z',
  bootstrapHostKey: 'ssh-ed25519 AAAA',
  hostKey: undefined,
  hostKeyInForce: false,
  wasReady: false,
  release: undefined,
  phase: 'launched',
};

test('asking writes nothing', () => {
  expect([state.intents(), state.machines(), state.regions()]).toEqual([[], [], []]);
  expect(existsSync(join(root, '.spot'))).toBe(false);
});

test('an intent is replaced by its machines in one write, and its region is remembered', () => {
  state.openIntent(intent);
  expect(state.intents()).toEqual([intent]);
  state.closeIntent('spot-1', [machine]);
  expect(state.intents()).toEqual([]);
  expect(new DeploymentState(root, 'local', 'hello').machine('i-1')).toMatchObject({ id: 'i-1', index: 0 });
  expect(state.regions()).toEqual(['us-west-2']);
});

test('the private half of a bootstrap key is gone once its launch is done', () => {
  state.openIntent(intent);
  state.closeIntent('spot-1', [machine]);
  expect(readFileSync(join(state.folder, 'state.json'), 'utf8')).not.toContain('private');
});

test('a change of one machine leaves the others as they are', () => {
  state.closeIntent('none', [machine, { ...machine, id: 'i-2', index: 1 }]);
  state.updateMachine('i-2', { phase: 'ready', release: 'abc' });
  expect(state.machines().map(({ id, phase }) => [id, phase])).toEqual([
    ['i-1', 'launched'],
    ['i-2', 'ready'],
  ]);
  state.forgetMachines(['i-1']);
  expect(state.machines().map(({ id }) => id)).toEqual(['i-2']);
});

test('a change of a machine that was forgotten, or of a state that was removed, brings nothing back', () => {
  state.updateMachine('i-1', { phase: 'ready' });
  expect(readdirSync(root)).toEqual([]);
});

test.each(['..', '../other', 'a/b', '', 'x\0', '.hidden'])(
  '%j, from a tag maybe, names no folder',
  (name) => {
    expect(() => new DeploymentState(root, 'local', name)).toThrow(
      expect.objectContaining({ code: 'SPOT-E-NOT-SUPPORTED' }),
    );
  },
);

test('the key pair is made once, for its owner only, and git ignores the folder', async () => {
  const pair = await state.ensureKey('test');
  expect(pair.publicKey).toMatch(/^ssh-ed25519 AAAA/);
  expect(await state.ensureKey('test')).toEqual(pair);
  expect(statSync(state.keyPath()).mode & 0o777).toBe(0o600);
  expect(readFileSync(join(root, '.spot', 'state', '.gitignore'), 'utf8')).toBe('*\n');
});

test('removing the last deployment leaves no trace in the project', async () => {
  await state.ensureKey('test');
  state.audit('launch', { region: 'us-west-2' });
  state.remove();
  expect(readdirSync(root)).toEqual([]);
});

test('removing one deployment leaves the other, and the configuration', async () => {
  mkdirSync(join(root, '.spot'));
  writeFileSync(join(root, '.spot', 'config.yaml'), 'name: hello\n');
  const other = new DeploymentState(root, 'local', 'other');
  await other.ensureKey('test');
  await state.ensureKey('test');
  state.remove();
  expect(existsSync(other.keyPath())).toBe(true);
  other.remove();
  expect(readdirSync(join(root, '.spot'))).toEqual(['config.yaml']);
});

test('a state file that is no JSON is an error that names it', async () => {
  await state.ensureKey('test');
  writeFileSync(join(state.folder, 'state.json'), '{');
  expect(() => state.machines()).toThrow(
    expect.objectContaining({
      code: 'SPOT-E-STATE-BROKEN',
      message: `${join(state.folder, 'state.json')} is not valid JSON.`,
    }),
  );
});

test("the user's own key pair: the public half is derived where no file names it", async () => {
  const { privateKey, publicKey } = await state.ensureKey('test');
  const own = join(root, 'own-key');
  writeFileSync(own, privateKey);
  const derived = await readKeyPair(own, undefined);
  expect(derived.publicKey).toBe(publicKey.split(' ').slice(0, 2).join(' '));
  writeFileSync(`${own}.pub`, `${publicKey}\n`);
  expect(await readKeyPair(own, `${own}.pub`)).toEqual({ privateKey, publicKey });
});
