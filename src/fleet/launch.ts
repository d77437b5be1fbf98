import { randomBytes } from 'node:crypto';
import { classify } from '../cloud/aws-error.ts';
import { callerAddress } from '../cloud/caller-address.ts';
import { callerIdentity } from '../cloud/identity.ts';
import { resolveImage } from '../cloud/image.ts';
import { type LaunchOutcome, type LaunchRequest, launchMachines } from '../cloud/launch.ts';
import { type CloudMachine, describeLaunch } from '../cloud/machines.ts';
import { defaultNetwork, ensureSecurityGroup, type Ingress } from '../cloud/network.ts';
import { type Tags, tagKeys } from '../cloud/tags.ts';
import type { RegionSettings, Settings } from '../config/settings.ts';
import { SpotError } from '../errors/spot-error.ts';
import type { Deployment } from '../project/deployment.ts';
import { renderUserData } from '../release/user-data.ts';
import type { LaunchIntent, MachineRecord } from '../state/deployment-state.ts';
import { generateKeyPair } from '../state/key-pair.ts';
import { accountResources } from './account-resources.ts';
import type { Fleet } from './fleet.ts';

export interface Launch {
  readonly deployment: Deployment;
  readonly release: string;
  /** Public key that the login user gets. */
  readonly authorizedKey: string;
  readonly owner: string;
  readonly ingress: readonly Ingress[];
}

/** What every launch of this run has in common, asked for once. */
export async function prepareLaunch(
  fleet: Fleet,
  input: { deployment: Deployment; release: string; authorizedKey: string },
): Promise<Launch> {
  const { settings, clients } = fleet;
  const [first] = settings.regions;
  const [owner, sshCidrs] = await Promise.all([
    callerIdentity(clients, first?.region ?? 'us-east-1'),
    settings.ssh.allow === 'auto' ? callerAddress(clients.target).then((cidr) => [cidr]) : settings.ssh.allow,
  ]);
  return { ...input, owner, ingress: ingressOf(settings, sshCidrs) };
}

/** SSH to those who may log in; the deployment's own ports to everyone. */
export function ingressOf(settings: Settings, sshCidrs: readonly string[]): readonly Ingress[] {
  return [
    { port: 22, cidrs: sshCidrs },
    ...settings.ports.map((port) => ({ port, cidrs: ['0.0.0.0/0', '::/0'] })),
  ];
}

/** A launch that is on disk and may be made, or made again after a crash. */
export async function openIntent(
  fleet: Fleet,
  region: string,
  count: number,
  release: string,
): Promise<LaunchIntent> {
  const intent: LaunchIntent = {
    token: `spot-${randomBytes(12).toString('hex')}`,
    region,
    count,
    release,
    bootstrapHostKey: await generateKeyPair('spot-deployer bootstrap'),
    startedAt: new Date().toISOString(),
  };
  fleet.state.openIntent(intent);
  return intent;
}

/**
 * Makes the launch of an intent, or makes it again: the same token gets the same machines. Afterwards the intent is
 * closed and its machines are recorded.
 * @returns the new machines, and why there are fewer than asked for
 */
export async function performIntent(
  fleet: Fleet,
  launch: Launch,
  intent: LaunchIntent,
): Promise<{ machines: readonly CloudMachine[]; shortfall: SpotError | undefined }> {
  const outcome = await launchOnce(fleet, launch, intent);
  const records = recordsOf(fleet, intent, outcome.ids);
  fleet.state.closeIntent(intent.token, records);
  fleet.state.audit('launch', {
    region: intent.region,
    token: intent.token,
    wanted: intent.count,
    machines: outcome.ids,
  });
  return { machines: records.map(justLaunched), shortfall: shortfallOf(intent, outcome) };
}

/** A machine that the cloud has promised but may not show yet. */
function justLaunched({ id, region, launchedAt }: MachineRecord): CloudMachine {
  return {
    id,
    region,
    zone: '',
    type: '',
    state: 'pending',
    stateReason: undefined,
    publicAddress: undefined,
    privateAddress: undefined,
    launchedAt,
    tags: {},
  };
}

async function launchOnce(fleet: Fleet, launch: Launch, intent: LaunchIntent): Promise<LaunchOutcome> {
  try {
    const request = await launchRequest(fleet, launch, intent);
    return await launchMachines(fleet.clients, intent.region, request);
  } catch (error) {
    // Whatever failed, machines that carry the token exist: an answer may be lost after the call took effect.
    const machines = await describeLaunch(fleet.clients, intent.region, intent.token);
    if (machines.length > 0) return { ids: machines.map(({ id }) => id), errors: [] };
    fleet.state.closeIntent(intent.token, []);
    throw error;
  }
}

async function launchRequest(fleet: Fleet, launch: Launch, intent: LaunchIntent): Promise<LaunchRequest> {
  const { clients, settings, name } = fleet;
  const { region, token, count } = intent;
  const regional = regionSettings(settings, region);
  const tags: Tags = {
    Name: `spot-${name}`,
    ...settings.tags,
    ...regional.tags,
    [tagKeys.deployment]: name,
    [tagKeys.release]: intent.release,
    [tagKeys.owner]: launch.owner,
  };
  const account = accountResources(clients.target.name, settings, regional);
  const [image, network] = await Promise.all([
    resolveImage(clients, region, account.image, regional.machineType),
    defaultNetwork(clients, region),
  ]);
  const { vpc } = network;
  const securityGroup = await ensureSecurityGroup(clients, region, {
    deployment: name,
    vpc,
    ingress: launch.ingress,
    tags,
  });
  return {
    deployment: name,
    token,
    count,
    machineType: regional.machineType,
    image,
    network,
    securityGroup,
    userData: userDataOf(settings, launch, intent),
    keyName: account.keyName,
    storageGb: regional.storageGb ?? settings.storageGb,
    maxPrice: regional.spotPriceLimit ?? settings.spotPriceLimit,
    tags: { ...tags, [tagKeys.launch]: token },
  };
}

function userDataOf(settings: Settings, launch: Launch, intent: LaunchIntent): string {
  return renderUserData({
    username: settings.username,
    authorizedKeys: [launch.authorizedKey],
    hostKey: intent.bootstrapHostKey,
    packages: launch.deployment.packages,
    ttlSeconds: settings.ttlSeconds,
  });
}

/** An intent may be of a region that the settings do not name any more; it is finished as the first one would be. */
function regionSettings(settings: Settings, region: string): RegionSettings {
  const found = settings.regions.find((candidate) => candidate.region === region) ?? settings.regions[0];
  if (found) return found;
  throw new SpotError('SPOT-E-CONFIG-NO-REGIONS', {
    message: `There are no settings for ${region}.`,
    where: region,
  });
}

function recordsOf(fleet: Fleet, intent: LaunchIntent, ids: readonly string[]): readonly MachineRecord[] {
  const taken = new Set(fleet.state.machines().map(({ index }) => index));
  let index = 0;
  return ids.map((id) => {
    while (taken.has(index)) index += 1;
    taken.add(index);
    return {
      id,
      region: intent.region,
      index,
      launchedAt: intent.startedAt,
      bootstrapHostKey: intent.bootstrapHostKey.publicKey,
      hostKey: undefined,
      hostKeyInForce: false,
      release: undefined,
      phase: 'launched' as const,
      wasReady: false,
    };
  });
}

function shortfallOf(intent: LaunchIntent, outcome: LaunchOutcome): SpotError | undefined {
  const lacking = intent.count - outcome.ids.length;
  if (lacking <= 0) return undefined;
  const codes = outcome.errors.map(({ code }) => classify(code).code);
  // Of several reasons, the one that waiting does not mend.
  const code = codes.find((candidate) => candidate !== 'SPOT-E-CLOUD-CAPACITY') ?? 'SPOT-E-CLOUD-CAPACITY';
  return new SpotError(code, {
    message: `${intent.region} gave ${outcome.ids.length} of ${intent.count} ${intent.count === 1 ? 'machine' : 'machines'}.`,
    where: intent.region,
    evidence: [...new Set(outcome.errors.map((error) => `${error.code}: ${error.message}`))],
  });
}
