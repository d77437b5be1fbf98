import { catalogue, type ErrorCode } from '../errors/catalogue.ts';
import { SpotError } from '../errors/spot-error.ts';

/** What an error of the API keeps us from: the scope in which the next attempt would fail the same way. */
export type Blocks = 'nothing' | 'pool' | 'subnet' | 'region' | 'everything';

interface Classification {
  readonly blocks: Blocks;
  readonly code: ErrorCode;
}

/**
 * EC2's error codes that the deployer treats by name. Source: "Error codes for the Amazon EC2 API" in the EC2 API
 * Reference; anything not listed is SPOT-E-CLOUD-REFUSED and ends the command.
 */
const classifications: Readonly<Record<string, Classification>> = {
  InsufficientInstanceCapacity: { blocks: 'pool', code: 'SPOT-E-CLOUD-CAPACITY' },
  SpotMaxPriceTooLow: { blocks: 'pool', code: 'SPOT-E-CLOUD-CAPACITY' },
  UnfulfillableCapacity: { blocks: 'pool', code: 'SPOT-E-CLOUD-CAPACITY' },
  Unsupported: { blocks: 'pool', code: 'SPOT-E-CLOUD-CAPACITY' },
  InvalidFleetConfiguration: { blocks: 'pool', code: 'SPOT-E-CLOUD-CAPACITY' },
  InsufficientFreeAddressesInSubnet: { blocks: 'subnet', code: 'SPOT-E-CLOUD-CAPACITY' },
  MaxSpotInstanceCountExceeded: { blocks: 'region', code: 'SPOT-E-CLOUD-QUOTA' },
  VcpuLimitExceeded: { blocks: 'region', code: 'SPOT-E-CLOUD-QUOTA' },
  InstanceLimitExceeded: { blocks: 'region', code: 'SPOT-E-CLOUD-QUOTA' },
  MaxFleetCountExceeded: { blocks: 'region', code: 'SPOT-E-CLOUD-QUOTA' },
  OptInRequired: { blocks: 'region', code: 'SPOT-E-CLOUD-DENIED' },
  PendingVerification: { blocks: 'region', code: 'SPOT-E-CLOUD-DENIED' },
  Blocked: { blocks: 'region', code: 'SPOT-E-CLOUD-DENIED' },
  RequestLimitExceeded: { blocks: 'nothing', code: 'SPOT-E-CLOUD-UNREACHABLE' },
  Throttling: { blocks: 'nothing', code: 'SPOT-E-CLOUD-UNREACHABLE' },
  ThrottlingException: { blocks: 'nothing', code: 'SPOT-E-CLOUD-UNREACHABLE' },
  InternalError: { blocks: 'nothing', code: 'SPOT-E-CLOUD-UNREACHABLE' },
  Unavailable: { blocks: 'nothing', code: 'SPOT-E-CLOUD-UNREACHABLE' },
  ServiceUnavailable: { blocks: 'nothing', code: 'SPOT-E-CLOUD-UNREACHABLE' },
  UnauthorizedOperation: { blocks: 'everything', code: 'SPOT-E-CLOUD-DENIED' },
  AuthFailure: { blocks: 'everything', code: 'SPOT-E-CLOUD-DENIED' },
  ExpiredToken: { blocks: 'everything', code: 'SPOT-E-CLOUD-DENIED' },
  ExpiredTokenException: { blocks: 'everything', code: 'SPOT-E-CLOUD-DENIED' },
  InvalidClientTokenId: { blocks: 'everything', code: 'SPOT-E-CLOUD-DENIED' },
  CredentialsProviderError: { blocks: 'everything', code: 'SPOT-E-CLOUD-DENIED' },
  TimeoutError: { blocks: 'nothing', code: 'SPOT-E-CLOUD-UNREACHABLE' },
};

const networkErrors = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT', 'EPIPE']);

/** The API's error code (`InvalidGroup.NotFound`), or the system's (`ECONNREFUSED`), or undefined. */
export function awsErrorCode(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code } = error as NodeJS.ErrnoException;
  return code !== undefined && networkErrors.has(code) ? code : error.name;
}

/** Whether the API said that the resource does not exist. */
export function isNotFound(error: unknown): boolean {
  return /NotFound(Exception)?$/.test(awsErrorCode(error) ?? '');
}

/** What an error code of the API, or of the system, keeps us from, and which of our errors it is. */
export function classify(code: string): Classification {
  if (networkErrors.has(code)) return { blocks: 'nothing', code: 'SPOT-E-CLOUD-UNREACHABLE' };
  if (denials.test(code)) return { blocks: 'everything', code: 'SPOT-E-CLOUD-DENIED' };
  return classifications[code] ?? { blocks: 'everything', code: 'SPOT-E-CLOUD-REFUSED' };
}

/**
 * The same for an error that the SDK threw. A server's failure that has no name, and an answer that could not be read
 * to its end, say nothing about whether the call took effect.
 */
export function classifyError(error: unknown): Classification {
  const code = awsErrorCode(error) ?? '';
  if (code in classifications) return classify(code);
  const { $fault: fault, $metadata: metadata } = error as { $fault?: string; $metadata?: object };
  const unknown = fault === 'server' || (metadata !== undefined && fault === undefined);
  return unknown ? { blocks: 'nothing', code: 'SPOT-E-CLOUD-UNREACHABLE' } : classify(code);
}

/** Families of codes: `AuthFailure.ServiceLinkedRoleCreationNotPermitted`, `AccessDeniedException`, … */
const denials = /^(AuthFailure\.|AccessDenied|SignatureDoesNotMatch|RequestExpired|InvalidSignature)/;

/**
 * An error that the SDK threw, as one of ours.
 * @param action what was being done, for the message: `DescribeInstances in us-west-2`
 */
export function toCloudError(error: unknown, action: string): SpotError {
  if (error instanceof SpotError) return error;
  const code = awsErrorCode(error) ?? 'unknown';
  const message = error instanceof Error ? error.message : String(error);
  const own = ownCode(code);
  if (own) {
    const [first = '', ...evidence] = message.split('\n');
    return new SpotError(own, { message: first, evidence, cause: error });
  }
  if (code === 'CredentialsProviderError') return noCredentials(message, error);
  return new SpotError(classifyError(error).code, {
    message: `${action} failed: ${code}${message && message !== code ? `: ${message}` : ''}`,
    where: action,
    cause: error,
  });
}

/** The SDK says why none of the places it looks in has credentials: none there, a session that has expired, … */
function noCredentials(reason: string, cause: unknown): SpotError {
  return new SpotError('SPOT-E-CLOUD-DENIED', {
    message: `There are no AWS credentials to work with: ${reason}.`,
    hint: 'Set AWS_PROFILE, or run `aws configure` or `aws sso login`. A rehearsal needs none: --local.',
    cause,
  });
}

/** An EC2-compatible endpoint of ours answers its own troubles (no Docker, say) as `Rehearsal.SPOT-E-…`, the evidence below the message. */
function ownCode(code: string): ErrorCode | undefined {
  const [, own] = /^Rehearsal\.(SPOT-E-[A-Z-]+)$/.exec(code) ?? [];
  return own !== undefined && own in catalogue ? (own as ErrorCode) : undefined;
}

/** Runs one call; its error becomes ours. */
export async function cloudCall<Result>(action: string, call: () => Promise<Result>): Promise<Result> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof Error && error.name === 'AbortError') throw error;
    throw toCloudError(error, action);
  }
}
