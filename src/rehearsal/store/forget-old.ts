import type { CloudState } from './cloud-state.ts';

const hour = 3_600_000;

/** Terminated machines stay visible for an hour, tokens are remembered for a day. */
export function forgetOld(state: CloudState, now: Date): void {
  const isOlder = (text: string | undefined, age: number) =>
    text !== undefined && now.getTime() - Date.parse(text) > age;
  for (const instance of Object.values(state.instances)) {
    if (!isOlder(instance.terminatedAt, hour)) continue;
    for (const id of [
      instance.id,
      instance.volumeId,
      instance.networkInterfaceId,
      instance.spot?.requestId,
    ]) {
      if (id !== undefined) delete state.tags[id];
    }
    delete state.instances[instance.id];
  }
  for (const [key, token] of Object.entries(state.tokens)) {
    if (isOlder(token.createdAt, 24 * hour)) delete state.tokens[key];
  }
}
