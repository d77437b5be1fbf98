import { callerAddress } from '../cloud/caller-address.ts';
import { callerIdentity } from '../cloud/identity.ts';
import { resolveImage } from '../cloud/image.ts';
import type { LaunchRequest } from '../cloud/launch.ts';
import { defaultNetwork, ensureSecurityGroup, type Ingress } from '../cloud/network.ts';
import { type Tags, tagKeys } from '../cloud/tags.ts';
import type { RegionSettings, Settings } from '../config/settings.ts';
import { SpotError } from '../errors/spot-error.ts';
import type { Deployment } from '../project/deployment.ts';
import { renderUserData } from '../release/user-data.ts';
import type { LaunchIntent } from '../state/deployment-state.ts';
import type { Fleet } from './fleet.ts';
import { launchImage } from './launch-image.ts';

/** What every launch of one run has in common. */
export interface LaunchTerms {
  readonly deployment: Deployment;
  readonly release: string;
  /** Public key that the login user gets. */
  readonly authorizedKey: string;
  /** ARN of who launches; the value of the owner tag. */
  readonly owner: string;
  readonly ingress: readonly Ingress[];
}

/** Asks the cloud for what every launch of one run has in common. */
export async function launchTerms(
  fleet: Fleet,
  input: { deployment: Deployment; release: string; authorizedKey: string },
): Promise<LaunchTerms> {
  const { settings, clients } = fleet;
  const [first] = settings.regions;
  const [owner, sshCidrs] = await Promise.all([
    callerIdentity(clients, first?.region ?? 'us-east-1'),
    settings.ssh.allow === 'auto' ? callerAddress(clients.target).then((cidr) => [cidr]) : settings.ssh.allow,
  ]);
  return { ...input, owner, ingress: ingressOf(settings, sshCidrs) };
}

/** SSH to those who may log in; the deployment's own ports to everyone. */
function ingressOf(settings: Settings, sshCidrs: readonly string[]): readonly Ingress[] {
  return [
    { port: 22, cidrs: sshCidrs },
    ...settings.ports.map((port) => ({ port, cidrs: ['0.0.0.0/0', '::/0'] })),
  ];
}

/**
 * The deployment's security group in a region, with just the rules that the settings ask for now.
 * @returns its id, and the network that it is in
 */
export async function openPorts(fleet: Fleet, terms: LaunchTerms, region: string) {
  const network = await defaultNetwork(fleet.clients, region);
  const securityGroup = await ensureSecurityGroup(fleet.clients, region, {
    deployment: fleet.name,
    vpc: network.vpc,
    ingress: terms.ingress,
    tags: tagsOf(fleet, terms, regionSettings(fleet.settings, region)),
  });
  return { network, securityGroup };
}

/** Everything that one launch call says. The same for the same intent, so that repeating it is no other launch. */
export async function launchRequest(
  fleet: Fleet,
  terms: LaunchTerms,
  intent: LaunchIntent,
): Promise<LaunchRequest> {
  const { clients, settings } = fleet;
  const { region, token, count, release } = intent;
  const regional = regionSettings(settings, region);
  const [image, { network, securityGroup }] = await Promise.all([
    resolveImage(clients, region, launchImage(clients.target.name, regional), regional.machineType),
    openPorts(fleet, terms, region),
  ]);
  return {
    deployment: fleet.name,
    token,
    count,
    machineType: regional.machineType,
    image,
    network,
    securityGroup,
    userData: renderUserData({
      username: settings.username,
      authorizedKeys: [terms.authorizedKey],
      hostKey: intent.bootstrapHostKey,
      packages: terms.deployment.packages,
      ttlSeconds: settings.ttlSeconds,
    }),
    storageGb: regional.storageGb ?? settings.storageGb,
    maxPrice: regional.spotPriceLimit ?? settings.spotPriceLimit,
    tags: { ...tagsOf(fleet, terms, regional), [tagKeys.release]: release, [tagKeys.launch]: token },
  };
}

/** Ours come last: what we find machines by is not for the settings to change. */
function tagsOf(fleet: Fleet, terms: LaunchTerms, regional: RegionSettings): Tags {
  return {
    Name: `spot-${fleet.name}`,
    ...fleet.settings.tags,
    ...regional.tags,
    [tagKeys.deployment]: fleet.name,
    [tagKeys.release]: terms.release,
    [tagKeys.owner]: terms.owner,
  };
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
