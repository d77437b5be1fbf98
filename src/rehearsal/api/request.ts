import { createHash, timingSafeEqual } from 'node:crypto';
import { regionNames } from '../world/regions.ts';
import { ApiError } from './api-error.ts';

/** An HTTP request as the API sees it. */
export interface ApiRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}

export interface ApiResponse {
  readonly status: number;
  readonly contentType: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What a signature says about itself. */
export interface CredentialScope {
  readonly accessKeyId: string;
  readonly region: string;
  readonly service: string;
}

/**
 * Whose key, and which region and service, a request is signed with, from
 * `Authorization: AWS4-HMAC-SHA256 Credential=KEY/DATE/REGION/SERVICE/aws4_request, …`.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-signing-elements.html
 */
export function readScope(headers: ApiRequest['headers']): CredentialScope {
  const { authorization } = headers;
  if (authorization === undefined) {
    throw new ApiError('MissingAuthenticationToken', 'Request is missing Authentication Token', 403);
  }
  const scope =
    /^AWS4-HMAC-SHA256 .*Credential=([^/,\s]+)\/\d{8}\/([a-z0-9-]+)\/([a-z0-9-]+)\/aws4_request\b/.exec(
      authorization,
    );
  const signed =
    /\bSignedHeaders=[^,\s]+/.test(authorization) && /\bSignature=[0-9a-f]{64}\b/.test(authorization);
  const [, accessKeyId, region, service] = scope ?? [];
  if (accessKeyId === undefined || region === undefined || service === undefined || !signed) {
    throw unknownKey('ec2');
  }
  if (!regionNames.some((name) => name === region)) {
    throw new ApiError('AuthFailure', `Credential should be scoped to a valid region, not '${region}'.`, 401);
  }
  return { accessKeyId, region, service };
}

/**
 * Lets only the holder of the key in, for machines are privileged containers, and every user of this computer reaches
 * the port. The key id is the secret here: it stays on this computer, so the signature made with it proves no more.
 */
export function requireKey({ accessKeyId, service }: CredentialScope, expected: string): void {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  if (!timingSafeEqual(digest(accessKeyId), digest(expected))) throw unknownKey(service);
}

/** Each service has a code of its own for a key that it does not know. */
function unknownKey(service: string): ApiError {
  const token = 'The security token included in the request is invalid.';
  switch (service) {
    case 'sts':
      return new ApiError('InvalidClientTokenId', token, 403);
    case 'ssm':
      return new ApiError('UnrecognizedClientException', token);
    default:
      return new ApiError('AuthFailure', 'AWS was not able to validate the provided access credentials', 401);
  }
}

/**
 * The form fields of a request of the query protocol, sent as a body or in the URL. Dates and signatures of a
 * signed URL are not among them.
 */
export function readFields(request: ApiRequest): URLSearchParams {
  if (request.method === 'POST') return new URLSearchParams(request.body);
  const query = request.url.indexOf('?');
  return new URLSearchParams(query === -1 ? '' : request.url.slice(query + 1));
}
