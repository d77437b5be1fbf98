import type { MachinePlan } from '../machine/plan.ts';
import type { ProjectEntry } from '../project/deployment.ts';

/** What runs on a machine: immutable, content-addressed, the same bytes on every computer that compiles it. */
export interface Release {
  /** First 12 hex digits of the SHA-256 over the file list (with every file's digest), packages and machine plan. */
  readonly id: string;
  readonly entries: readonly ProjectEntry[];
  readonly plan: MachinePlan;
  /** `plan` as the bash file that the runner sources. */
  readonly planText: string;
}

/**
 * The release as it is written to `/var/lib/spot/release.json` and `.spot/state`. A secret file's digest is
 * left out here: it would let a reader of the state guess a short secret.
 */
export interface ReleaseRecord {
  readonly schema: 'spot-deployer/release/v1';
  readonly id: string;
  readonly deployment: string;
  readonly entries: readonly RecordedEntry[];
  readonly ports: readonly number[];
  readonly steps: readonly string[];
}

export type RecordedEntry =
  | {
      readonly type: 'file';
      readonly path: string;
      readonly mode: number;
      readonly size: number;
      readonly sha256?: string;
    }
  | { readonly type: 'directory'; readonly path: string; readonly mode: number }
  | { readonly type: 'symlink'; readonly path: string; readonly target: string };
