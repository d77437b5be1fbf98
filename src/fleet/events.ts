import type { SpotError } from '../errors/spot-error.ts';

/** What a machine is known by everywhere in output: `[i-0123… @ 203.0.113.7]`. */
export interface MachineName {
  readonly id: string;
  readonly region: string;
  readonly zone: string;
  readonly address: string | undefined;
}

/** Where a machine is on its way. `ready` and `failed` end it. */
export type MachinePhase =
  | 'launching'
  | 'booting'
  | 'connecting'
  | 'delivering'
  | 'activating'
  | 'rebooting'
  | 'verifying'
  | 'ready'
  | 'failed'
  | 'destroying'
  | 'gone';

/**
 * Everything that the use cases tell the outside, in order. Renderers subscribe: live rows on a terminal, plain
 * lines in a pipe, JSON lines with `--json`. The core prints nothing.
 */
export type FleetEvent =
  /** A named stage of the command began: `launch`, `deliver`, …; `text` says it to a person. */
  | { readonly type: 'stage'; readonly stage: string; readonly text: string }
  /** Something a person should know; nothing stops. */
  | { readonly type: 'notice'; readonly text: string }
  | { readonly type: 'warning'; readonly text: string; readonly machine?: MachineName }
  /** One launch call was answered. */
  | {
      readonly type: 'launched';
      readonly region: string;
      readonly wanted: number;
      readonly machines: readonly MachineName[];
    }
  | {
      readonly type: 'machine';
      readonly machine: MachineName;
      readonly phase: MachinePhase;
      readonly detail?: string;
    }
  /** Bytes of the bundle that the machine has; `total` is known from the start. */
  | { readonly type: 'upload'; readonly machine: MachineName; readonly sent: number; readonly total: number }
  /** A step of the machine plan began or ended. */
  | {
      readonly type: 'step';
      readonly machine: MachineName;
      readonly step: string;
      readonly title: string;
      readonly state: 'started' | 'done' | 'adopted' | 'failed' | 'timeout';
      readonly seconds?: number;
      readonly exit?: number;
      /** The port that the step's program serves; when it was adopted. */
      readonly port?: number;
      readonly reason?: string;
    }
  /** One line that a step printed, secrets redacted. */
  | { readonly type: 'output'; readonly machine: MachineName; readonly step: string; readonly line: string }
  | { readonly type: 'failure'; readonly machine: MachineName; readonly error: SpotError };

export type Emit = (event: FleetEvent) => void;
