import { createHash, randomBytes, randomUUID } from 'node:crypto';

/** An id that is the same at every start: `stableId('vpc', 'us-east-1')` → `vpc-` and 17 hex digits. */
export function stableId(prefix: string, ...parts: readonly string[]): string {
  const digest = createHash('sha256')
    .update([prefix, ...parts].join('\0'))
    .digest('hex');
  return `${prefix}-${digest.slice(0, 17)}`;
}

/** A new id in the form that EC2 gives since 2016: a prefix and 17 hex digits. */
export function freshId(prefix: string): string {
  return `${prefix}-0${randomBytes(8).toString('hex')}`;
}

/** A number from 0 to 1 that depends on the parts only. */
export function stableFraction(...parts: readonly string[]): number {
  return createHash('sha256').update(parts.join('\0')).digest().readUInt32BE(0) / 0xffff_ffff;
}

/** `fleet-` and a UUID. */
export function freshFleetId(): string {
  return `fleet-${randomUUID()}`;
}
