import type { ProcessIdentity } from '../../state/process-identity.ts';

/** Everything the rehearsal cloud remembers apart from the machines themselves; the content of cloud.json. */
export interface CloudState {
  readonly schema: 'spot-deployer/rehearsal/v1';
  readonly instances: Record<string, InstanceRecord>;
  readonly groups: Record<string, SecurityGroup>;
  readonly keyPairs: Record<string, KeyPair>;
  readonly launchTemplates: Record<string, LaunchTemplate>;
  readonly fleets: Record<string, FleetRecord>;
  /** Tags of every resource by its id; keys and values as they were given. */
  readonly tags: Record<string, Record<string, string>>;
  /** Answers to remember for a repeated ClientToken, by region, action and token. */
  readonly tokens: Record<string, TokenRecord>;
}

export type InstanceState = 'pending' | 'running' | 'stopping' | 'stopped' | 'shutting-down' | 'terminated';

export interface InstanceRecord {
  readonly id: string;
  readonly region: string;
  readonly zone: string;
  readonly type: string;
  readonly imageId: string;
  readonly reservationId: string;
  readonly launchIndex: number;
  readonly clientToken: string | undefined;
  readonly fleetId: string | undefined;
  readonly keyName: string | undefined;
  readonly groupIds: readonly string[];
  readonly subnetId: string;
  readonly volumeId: string;
  readonly volumeGiB: number;
  readonly volumeType: string;
  readonly volumeEncrypted: boolean;
  readonly networkInterfaceId: string;
  /** Set for a spot machine. */
  readonly spot: { readonly requestId: string; readonly maxPrice: number } | undefined;
  readonly shutdownBehavior: 'stop' | 'terminate';
  readonly httpTokens: 'required' | 'optional';
  readonly httpHopLimit: number;
  /** TCP port of the machine → port of 127.0.0.1 on this computer. */
  readonly ports: Readonly<Record<string, number>>;
  /** ISO 8601. */
  readonly launchedAt: string;
  /** The process that launches it; needed until its machine was seen. */
  readonly launcher: ProcessIdentity;
  state: InstanceState;
  /** The container's own addresses, once they were seen. */
  privateAddress?: string | undefined;
  macAddress?: string | undefined;
  stateReason?: { readonly code: string; readonly message: string };
  /** ISO 8601; terminated records are shown for an hour. */
  terminatedAt?: string | undefined;
}

export interface SecurityGroup {
  readonly id: string;
  readonly region: string;
  readonly name: string;
  readonly description: string;
  ingress: readonly GroupRule[];
  egress: readonly GroupRule[];
}

/** One rule: one source. `protocol` is tcp, udp, icmp or -1 (all). */
export interface GroupRule {
  readonly protocol: string;
  readonly fromPort: number | undefined;
  readonly toPort: number | undefined;
  readonly source: { readonly kind: 'ipv4' | 'ipv6' | 'group' | 'prefix-list'; readonly value: string };
  readonly description: string | undefined;
}

export interface KeyPair {
  readonly id: string;
  readonly region: string;
  readonly name: string;
  readonly type: 'ed25519' | 'rsa';
  readonly fingerprint: string;
  /** OpenSSH format, one line. */
  readonly publicKey: string;
  readonly createdAt: string;
}

export interface LaunchTemplate {
  readonly id: string;
  readonly region: string;
  readonly name: string;
  readonly createdAt: string;
  /** The parameters below `LaunchTemplateData` as they were sent, by version. */
  readonly versions: readonly (readonly (readonly [string, string])[])[];
}

export interface FleetRecord {
  readonly id: string;
  readonly region: string;
  readonly instanceIds: readonly string[];
  readonly createdAt: string;
  readonly targetCapacity: number;
  state: 'active' | 'deleted_running' | 'deleted_terminating';
}

export interface TokenRecord {
  /** SHA-256 over the request's parameters. */
  readonly request: string;
  readonly resourceIds: readonly string[];
  readonly createdAt: string;
}

/** What a cloud remembers in which nothing was done yet. */
export function emptyState(): CloudState {
  return {
    schema: 'spot-deployer/rehearsal/v1',
    instances: {},
    groups: {},
    keyPairs: {},
    launchTemplates: {},
    fleets: {},
    tags: {},
    tokens: {},
  };
}
