import type { ErrorCode } from '../../errors/catalogue.ts';
import { SpotError } from '../../errors/spot-error.ts';

/**
 * What the API answers instead of a result. It never leaves the rehearsal cloud as an exception: the server
 * writes it as XML or JSON. Codes are those of
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
 */
export class ApiError extends Error {
  readonly code: string;
  readonly status: number;
  /** Set when this computer, not the request, is at fault (no Docker, say): the code that the user is shown. */
  readonly spotCode: ErrorCode | undefined;

  constructor(code: string, message: string, status = 400, spotCode?: ErrorCode) {
    super(message);
    this.name = 'ApiError';
    this.code = code;
    this.status = status;
    this.spotCode = spotCode;
  }
}

/**
 * A trouble of this computer as an answer of the API. Status 400, because the SDK repeats a 5xx. The caller gets
 * the code back from the header `x-rehearsal-error`, or from the error code without its prefix `Rehearsal.`.
 */
export function apiErrorFrom(thrown: unknown): ApiError {
  if (thrown instanceof ApiError) return thrown;
  const error =
    thrown instanceof SpotError
      ? thrown
      : new SpotError('SPOT-E-INTERNAL', {
          message: thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown),
        });
  const message = [error.message, ...error.evidence].join('\n');
  return new ApiError(`Rehearsal.${error.code}`, message, 400, error.code);
}
