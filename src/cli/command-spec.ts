import type { CommandHandler } from './command-context.ts';

/** Everything about a command that parsing and `--help` need; its handler is loaded when it runs. */
export interface CommandSpec {
  /** `create`, or `local serve` for a command within a group. */
  readonly name: string;
  readonly purpose: string;
  readonly arguments?: readonly { readonly syntax: string; readonly help: string }[];
  readonly options?: readonly OptionSpec[];
  readonly exitCodes: readonly (readonly [code: number, meaning: string])[];
  readonly examples: readonly (readonly [command: string, effect: string])[];
  /** What `--json` prints, where it is not one document named after the command. */
  readonly json?: string;
  /** `lasting`: its stages stay on the screen; `passing`: only its result does. */
  readonly progress: 'lasting' | 'passing';
  /** Whether `--json` prints every event as a line before the result. */
  readonly jsonEvents?: (flags: Flags) => boolean;
  readonly load: () => Promise<{ readonly run: CommandHandler }>;
}

export interface OptionSpec {
  readonly syntax: string;
  readonly help: string;
  readonly parse?: (value: string) => unknown;
}

/** The options of all commands together; each sets those that its spec names. */
export interface Flags {
  readonly count?: number;
  readonly dryRun?: boolean;
  readonly detach?: boolean;
  readonly keepFailed?: boolean;
  readonly tap?: boolean;
  readonly follow?: boolean;
  readonly step?: string;
  readonly all?: boolean;
  readonly port?: number;
}
