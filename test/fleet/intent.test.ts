import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Clients } from '../../src/cloud/clients.ts';
import { describeDeployment } from '../../src/cloud/machines.ts';
import { defaultSettings } from '../../src/config/default-settings.ts';
import type { Fleet } from '../../src/fleet/fleet.ts';
import { openIntent, performIntent, resumeIntent } from '../../src/fleet/intent.ts';
import { launchTerms } from '../../src/fleet/launch-request.ts';
import { reconcile } from '../../src/fleet/reconcile.ts';
import { Survey } from '../../src/fleet/survey.ts';
import { openRehearsalCloud, type RehearsalCloud } from '../../src/rehearsal/rehearsal-cloud.ts';
import { DeploymentState } from '../../src/state/deployment-state.ts';
import { deploymentOf } from '../fixtures/deployment-of.ts';
import { LossyProxy } from './lossy-proxy.ts';

const region = 'us-west-2';
let folder: string;
let cloud: RehearsalCloud;
let proxy: LossyProxy;
let fleet: Fleet;

/** A cloud whose machines exist on paper and are shown half a second late, behind a line that may be cut. */
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'spot-intent-'));
  cloud = await openRehearsalCloud({
    cacheFolder: join(folder, 'cache'),
    machines: 'none',
    visibleAfterMs: 500,
  });
  proxy = await LossyProxy.open(cloud.endpoint);
  fleet = {
    name: 'hello',
    root: folder,
    settings: { ...defaultSettings, name: 'hello' },
    clients: new Clients({ name: 'local', endpoint: proxy.endpoint, credentials: cloud.credentials }),
    state: new DeploymentState(folder, 'local', 'hello'),
    emit: () => {},
    signal: new AbortController().signal,
  };
});

afterEach(async () => {
  fleet.clients.close();
  proxy.close();
  await cloud.close();
  rmSync(folder, { recursive: true, force: true });
});

const terms = async () =>
  launchTerms(fleet, {
    deployment: await deploymentOf({}),
    release: 'abc',
    authorizedKey: 'ssh-ed25519 AAAA',
  });

const idsInTheCloud = async () => {
  await new Promise((resolve) => setTimeout(resolve, 600));
  return (await describeDeployment(fleet.clients, region, 'hello')).map(({ id }) => id).sort();
};

const idsOnRecord = () =>
  fleet.state
    .machines()
    .map(({ id }) => id)
    .sort();

test('a launch whose answer is lost is asked again with its token: the same machines, once', async () => {
  proxy.fate = (action, nth) => (action === 'CreateFleet' && nth === 1 ? 'lose' : 'answer');
  const intent = await openIntent(fleet, region, 2, 'abc');
  const { machines } = await performIntent(fleet, await terms(), intent);
  expect(machines).toHaveLength(2);
  expect(proxy.actions.filter((action) => action === 'CreateFleet')).toHaveLength(2);
  expect(await idsInTheCloud()).toEqual(idsOnRecord());
  expect(fleet.state.intents()).toEqual([]);
});

test('a launch that is never answered stays open, and the next run finds its machines', async () => {
  proxy.fate = (action) => (action === 'CreateFleet' ? 'lose' : 'answer');
  const intent = await openIntent(fleet, region, 2, 'abc');
  await expect(performIntent(fleet, await terms(), intent)).rejects.toMatchObject({
    code: 'SPOT-E-CLOUD-UNREACHABLE',
  });
  expect(fleet.state.intents()).toHaveLength(1);
  proxy.fate = () => 'answer';
  const alive = await reconcile(fleet, new Survey(fleet), terms);
  expect(alive.map(({ id }) => id).sort()).toEqual(idsOnRecord());
  expect(alive).toHaveLength(2);
  expect(fleet.state.intents()).toEqual([]);
}, 60_000);

test('the answer to the removal of the launch template does not matter', async () => {
  proxy.fate = (action) => (action === 'DeleteLaunchTemplate' ? 'lose' : 'answer');
  const intent = await openIntent(fleet, region, 1, 'abc');
  const { machines } = await performIntent(fleet, await terms(), intent);
  expect(machines.map(({ id }) => id)).toEqual(idsOnRecord());
}, 30_000);

test('an old intent whose machines exist is not launched again: its token may be forgotten by now', async () => {
  const intent = await openIntent(fleet, region, 3, 'abc');
  proxy.fate = (action) => (action === 'CreateFleet' ? 'lose' : 'answer');
  await expect(performIntent(fleet, await terms(), intent)).rejects.toMatchObject({
    code: 'SPOT-E-CLOUD-UNREACHABLE',
  });
  const existing = await idsInTheCloud();
  proxy.actions.length = 0;
  const yesterday = new Date(Date.now() - 26 * 3_600_000).toISOString();
  await resumeIntent(fleet, terms, { ...intent, startedAt: yesterday });
  expect(proxy.actions).not.toContain('CreateFleet');
  expect(idsOnRecord()).toEqual(existing);
}, 60_000);

test('a refusal closes the intent: there is nothing to go on with', async () => {
  const settings = {
    ...fleet.settings,
    regions: [{ ...fleet.settings.regions[0], image: 'ami-0123456789abcdef0' }],
  };
  const aws = {
    ...fleet,
    settings: settings as Fleet['settings'],
    clients: new Clients({ ...fleet.clients.target, name: 'aws' }),
  };
  const intent = await openIntent(aws, region, 1, 'abc');
  await expect(performIntent(aws, await terms(), intent)).rejects.toMatchObject({
    code: 'SPOT-E-IMAGE-NOT-FOUND',
  });
  expect(fleet.state.intents()).toEqual([]);
  aws.clients.close();
});

test('machines that were launched a moment ago are waited for, not taken for ended', async () => {
  const intent = await openIntent(fleet, region, 2, 'abc');
  await performIntent(fleet, await terms(), intent);
  const alive = await reconcile(fleet, new Survey(fleet), terms);
  expect(alive).toHaveLength(2);
  expect(idsOnRecord()).toHaveLength(2);
});
