import { randomBytes } from 'node:crypto';
import type { ProcessIdentity } from '../../state/process-identity.ts';
import { freePort } from '../machines/local-ports.ts';
import type { MachineLaunch } from '../machines/machine-host.ts';
import { encodeMetadata } from '../machines/metadata.ts';
import type { CloudState, InstanceRecord } from '../store/cloud-state.ts';
import { publishedPorts } from '../world/groups.ts';
import { freshId } from '../world/identifiers.ts';
import type { LaunchOrder } from './launch-order.ts';

export interface Reservation {
  readonly clientToken: string | undefined;
  readonly fleetId: string | undefined;
  readonly launcher: ProcessIdentity;
  readonly now: Date;
}

const defaultVolumeGiB = 8;

/** Writes down the machines of an order, with ids and ports of their own, before any of them exists. */
export async function reserve(
  state: CloudState,
  order: LaunchOrder,
  { clientToken, fleetId, launcher, now }: Reservation,
): Promise<readonly MachineLaunch[]> {
  const { request } = order;
  const reservationId = freshId('r');
  const taken = portsInUse(state);
  const launches: MachineLaunch[] = [];
  for (let launchIndex = 0; launchIndex < order.count; launchIndex++) {
    const id = freshId('i');
    const instance: InstanceRecord = {
      id,
      region: order.region,
      zone: order.subnet.zone,
      type: order.type.name,
      imageId: order.image.id,
      reservationId,
      launchIndex,
      clientToken,
      fleetId,
      keyName: order.key?.name,
      groupIds: order.groups.map((group) => group.id),
      subnetId: order.subnet.id,
      volumeId: freshId('vol'),
      volumeGiB: request.volume.gibibytes ?? defaultVolumeGiB,
      volumeType: request.volume.type,
      volumeEncrypted: request.volume.encrypted,
      networkInterfaceId: freshId('eni'),
      spot:
        order.maxPrice === undefined
          ? undefined
          : { requestId: freshSpotRequestId(), maxPrice: order.maxPrice },
      // A one-time Spot machine ends when it is shut down, whatever was asked for.
      shutdownBehavior: order.maxPrice === undefined ? request.shutdownBehavior : 'terminate',
      httpTokens: request.httpTokens,
      httpHopLimit: request.httpHopLimit,
      ports: await choosePorts(publishedPorts(order.groups), taken),
      launchedAt: now.toISOString(),
      launcher,
      state: 'pending',
    };
    state.instances[id] = instance;
    keepTags(state, order, instance);
    launches.push(launchOf(order, instance, state.tags[id] ?? {}));
  }
  return launches;
}

/** The same machine with other ports: for when one of them was taken in between. */
export async function reservePortsAgain(state: CloudState, launch: MachineLaunch): Promise<MachineLaunch> {
  const ports = await choosePorts(Object.keys(launch.instance.ports).map(Number), portsInUse(state));
  const instance = { ...(state.instances[launch.instance.id] ?? launch.instance), ports };
  state.instances[instance.id] = instance;
  return { ...launch, instance };
}

function launchOf(
  order: LaunchOrder,
  instance: InstanceRecord,
  tags: Readonly<Record<string, string>>,
): MachineLaunch {
  const metadata = encodeMetadata({
    instance,
    groupNames: order.groups.map((group) => group.name),
    key: order.key,
    userData: order.request.userData,
    tags: order.request.tagsInMetadata ? tags : undefined,
  });
  return { instance, tags, metadata };
}

function keepTags(state: CloudState, { request }: LaunchOrder, instance: InstanceRecord): void {
  const resources = [
    [instance.id, request.instanceTags],
    [instance.volumeId, request.volumeTags],
    [instance.networkInterfaceId, request.networkInterfaceTags],
    [instance.spot?.requestId, request.spotRequestTags],
  ] as const;
  for (const [id, tags] of resources) {
    if (id !== undefined && Object.keys(tags).length > 0) state.tags[id] = { ...tags };
  }
}

function portsInUse(state: CloudState): Set<number> {
  const live = Object.values(state.instances).filter((instance) => instance.state !== 'terminated');
  return new Set(live.flatMap((instance) => Object.values(instance.ports)));
}

async function choosePorts(ports: readonly number[], taken: Set<number>): Promise<Record<string, number>> {
  const chosen: Record<string, number> = {};
  for (const port of ports) {
    const own = await freePort(taken);
    taken.add(own);
    chosen[port] = own;
  }
  return chosen;
}

/** Spot request ids have a form of their own: `sir-` and 8 letters or digits. */
function freshSpotRequestId(): string {
  return `sir-${randomBytes(8).toString('hex').slice(0, 8)}`;
}
