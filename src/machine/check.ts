/** One line of the numbered check list of `spot verify`. */
export interface Check {
  readonly n: number;
  /** Stable id: `cloud-init`, `files`, `step/setup`, `port/8080`. */
  readonly id: string;
  readonly ok: boolean;
  readonly expected: string;
  readonly actual: string;
  /** What to do when it does not hold; empty when it does. */
  readonly hint: string;
}
