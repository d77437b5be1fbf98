import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { classify } from '../cloud/aws-error.ts';
import { type LaunchOutcome, launchMachines } from '../cloud/launch.ts';
import { type CloudMachine, describeLaunch } from '../cloud/machines.ts';
import { SpotError } from '../errors/spot-error.ts';
import type { LaunchIntent, MachineRecord } from '../state/deployment-state.ts';
import { generateKeyPair } from '../state/key-pair.ts';
import type { Fleet } from './fleet.ts';
import { type LaunchTerms, launchRequest } from './launch-request.ts';

/**
 * How long EC2 may take until DescribeInstances shows what a launch call has made. AWS names no bound ("eventual
 * consistency", EC2 API Reference); seconds are usual, this is generous.
 */
export const visibleAfterMilliseconds = 15_000;
const pauseMilliseconds = 300;

export interface Launched {
  readonly machines: readonly CloudMachine[];
  /** Why there are fewer than asked for. */
  readonly shortfall: SpotError | undefined;
}

/** Puts a launch on disk, before anything is asked of the cloud. */
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
 * Makes the launch of an intent, records its machines and closes the intent. When the answer was lost, the intent
 * stays open: whether there are machines is for the next command to find out.
 * @param repeated the call may have been made before
 * @throws the cloud's refusal
 */
export async function performIntent(
  fleet: Fleet,
  terms: LaunchTerms,
  intent: LaunchIntent,
  repeated = false,
): Promise<Launched> {
  try {
    const request = await launchRequest(fleet, terms, intent);
    return close(fleet, intent, await launchMachines(fleet.clients, intent.region, request));
  } catch (error) {
    if (error instanceof SpotError && error.code === 'SPOT-E-CLOUD-UNREACHABLE') throw error;
    // A refusal is no proof: a call before this one, with the same token, may have taken effect.
    const ids = await idsOfLaunch(fleet, intent, repeated ? visibleAfterMilliseconds : 0);
    if (ids.length === 0) {
      fleet.state.closeIntent(intent.token, []);
      throw error;
    }
    return close(fleet, intent, { ids, errors: [] });
  }
}

/**
 * Finishes an intent that a killed process left. Machines that exist are taken as they are: by now the cloud may
 * have forgotten the token, and the same call would launch others.
 */
export async function resumeIntent(
  fleet: Fleet,
  terms: () => Promise<LaunchTerms>,
  intent: LaunchIntent,
): Promise<Launched> {
  const ids = await idsOfLaunch(fleet, intent, 0);
  const settled = ids.length === intent.count || (ids.length > 0 && !intentIsYoung(intent));
  if (settled) return close(fleet, intent, { ids, errors: [] });
  return performIntent(fleet, await terms(), intent, true);
}

/**
 * Waits until an intent's machines can be seen, as long as a launch that was just cut off may need.
 * For `destroy`, which must not miss a machine that is about to appear.
 */
export async function settleIntent(fleet: Fleet, intent: LaunchIntent): Promise<void> {
  await idsOfLaunch(fleet, intent, intentIsYoung(intent) ? visibleAfterMilliseconds : 0);
}

/** A call that a killed process made may still be under way. */
function intentIsYoung({ startedAt }: LaunchIntent): boolean {
  return Date.now() - Date.parse(startedAt) < 10 * 60_000;
}

/** Ids of the machines that carry the intent's token, asked again until all are shown or the time is over. */
async function idsOfLaunch(
  fleet: Fleet,
  { region, token, count }: LaunchIntent,
  patienceMilliseconds: number,
): Promise<readonly string[]> {
  const deadline = Date.now() + patienceMilliseconds;
  for (;;) {
    const machines = await describeLaunch(fleet.clients, region, token);
    if (machines.length >= count || Date.now() >= deadline) return machines.map(({ id }) => id);
    await sleep(pauseMilliseconds, undefined, { signal: fleet.signal });
  }
}

function close(fleet: Fleet, intent: LaunchIntent, { ids, errors }: LaunchOutcome): Launched {
  const records = recordsOf(fleet, intent, ids);
  fleet.state.closeIntent(intent.token, records);
  fleet.state.audit('launch', {
    region: intent.region,
    token: intent.token,
    wanted: intent.count,
    machines: ids,
  });
  return { machines: records.map(justLaunched), shortfall: shortfallOf(intent, ids.length, errors) };
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
      launchedAt: new Date().toISOString(),
      bootstrapHostKey: intent.bootstrapHostKey.publicKey,
      hostKey: undefined,
      hostKeyInForce: false,
      release: undefined,
      phase: 'launched' as const,
      wasReady: false,
    };
  });
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

function shortfallOf(
  { region, count }: LaunchIntent,
  came: number,
  errors: LaunchOutcome['errors'],
): SpotError | undefined {
  if (came >= count) return undefined;
  const codes = errors.map(({ code }) => classify(code).code);
  // Of several reasons, the one that waiting does not mend.
  const code = codes.find((candidate) => candidate !== 'SPOT-E-CLOUD-CAPACITY') ?? 'SPOT-E-CLOUD-CAPACITY';
  return new SpotError(code, {
    message: `${region} gave ${came} of ${count} ${count === 1 ? 'machine' : 'machines'}.`,
    where: region,
    evidence: [...new Set(errors.map((error) => `${error.code}: ${error.message}`))],
  });
}
