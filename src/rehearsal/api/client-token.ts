import { createHash } from 'node:crypto';
import type { CloudState } from '../store/cloud-state.ts';
import type { Call } from './action.ts';
import { ApiError } from './api-error.ts';

const longest = 64;

/**
 * The resources that an earlier request with the same ClientToken made, if there was one.
 * Errors: IdempotentParameterMismatch when that request was another one.
 * https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-idempotency.html
 */
export function repeated(state: CloudState, call: Call): readonly string[] | undefined {
  const token = readToken(call);
  const earlier = token === undefined ? undefined : state.tokens[tokenKey(call, token)];
  if (earlier === undefined) return undefined;
  if (earlier.request !== digest(call)) {
    throw new ApiError(
      'IdempotentParameterMismatch',
      `The client token ${token} was used before with different parameters.`,
    );
  }
  return earlier.resourceIds;
}

/** Remembers what a request made, for when it is repeated. */
export function remember(state: CloudState, call: Call, resourceIds: readonly string[]): void {
  const token = readToken(call);
  if (token === undefined) return;
  state.tokens[tokenKey(call, token)] = {
    request: digest(call),
    resourceIds,
    createdAt: call.cloud.now().toISOString(),
  };
}

function readToken(call: Call): string | undefined {
  const token = call.parameters.text('ClientToken');
  if (token === undefined || token === '') return undefined;
  if (token.length > longest) {
    throw new ApiError(
      'InvalidParameterValue',
      `Invalid ClientToken: it is longer than ${longest} characters.`,
    );
  }
  return token;
}

function tokenKey(call: Call, token: string): string {
  return `${call.region}/${call.action}/${token}`;
}

function digest(call: Call): string {
  return createHash('sha256').update(JSON.stringify(call.parameters.entries())).digest('hex');
}
