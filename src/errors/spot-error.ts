import { catalogue, type ErrorCode } from './catalogue.ts';

export interface SpotErrorDetails {
  /** What happened, in one sentence with the names and values at hand. */
  readonly message: string;
  /** Where: a file with line and column, a machine, a region. */
  readonly where?: string;
  /** What to do; the catalogue's remedy when left out. */
  readonly hint?: string;
  /** Evidence a reader needs at once, such as the last lines of a log. */
  readonly evidence?: readonly string[];
  readonly cause?: unknown;
}

/** The one error class: data that the user interface renders and `--json` prints. */
export class SpotError extends Error {
  readonly code: ErrorCode;
  readonly where: string | undefined;
  readonly hint: string;
  readonly evidence: readonly string[];

  constructor(code: ErrorCode, details: SpotErrorDetails) {
    super(details.message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'SpotError';
    this.code = code;
    this.where = details.where;
    this.hint = details.hint ?? catalogue[code].remedy;
    this.evidence = details.evidence ?? [];
  }

  get exitCode(): number {
    return catalogue[this.code].exit;
  }

  toJSON(): { code: ErrorCode; message: string; where?: string; hint: string; evidence: readonly string[] } {
    return {
      code: this.code,
      message: this.message,
      ...(this.where === undefined ? {} : { where: this.where }),
      hint: this.hint,
      evidence: this.evidence,
    };
  }
}

/** Several errors that were found together, such as every mistake in one YAML file. */
export class SpotErrors extends Error {
  readonly errors: readonly SpotError[];

  constructor(errors: readonly SpotError[]) {
    super(errors.map((error) => error.message).join('\n'));
    this.name = 'SpotErrors';
    this.errors = errors;
  }

  get exitCode(): number {
    return Math.max(...this.errors.map((error) => error.exitCode));
  }
}

/** Whatever was thrown, as the errors it stands for; what is not ours is a defect and becomes SPOT-E-INTERNAL. */
export function toSpotErrors(thrown: unknown): readonly SpotError[] {
  if (thrown instanceof SpotError) return [thrown];
  if (thrown instanceof SpotErrors) return thrown.errors;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return [new SpotError('SPOT-E-INTERNAL', { message, cause: thrown })];
}

/** Why something failed, in a sentence: of several errors the first. */
export function reasonOf(thrown: unknown): string {
  return toSpotErrors(thrown)[0]?.message ?? 'unknown';
}
