import { appendFileSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { SpotError } from '../errors/spot-error.ts';
import { writeError } from '../errors/write-error.ts';
import { deploymentName } from '../project/deployment-name.ts';
import { readJsonFile, writeFileAtomically } from './atomic-file.ts';
import { ensureKeyPair, type KeyPair } from './key-pair.ts';
import { acquireLock, withBriefLock } from './lock.ts';
import type { Lock } from './lock-file.ts';

/** What this computer knows about one machine. The cloud's tags say which machines exist; this never does. */
export interface MachineRecord {
  readonly id: string;
  readonly region: string;
  /** Position in the fleet, from 0; given to the machine as SPOT_INDEX and kept for its life. */
  readonly index: number;
  readonly launchedAt: string;
  /** Public host key that the launch put on the machine: worthless as soon as `hostKey` is in force. */
  readonly bootstrapHostKey: string | undefined;
  /** The host key that the machine made for itself and reported. */
  readonly hostKey: string | undefined;
  /** `hostKey` was seen in use: nothing else is accepted any more. */
  readonly hostKeyInForce: boolean;
  readonly release: string | undefined;
  readonly phase: 'launched' | 'delivered' | 'ready' | 'failed';
  /** It was ready at some time, with whichever release: it may hold data, so no failure ends it. */
  readonly wasReady: boolean;
}

/** A launch call, on disk before it is made: a process killed anywhere is resumed with the same token. */
export interface LaunchIntent {
  /** The call's ClientToken, and the value of the machines' `spot-deployer:launch` tag. */
  readonly token: string;
  readonly region: string;
  readonly count: number;
  readonly release: string;
  readonly bootstrapHostKey: KeyPair;
  readonly startedAt: string;
}

interface StateFile {
  readonly schema: 'spot-deployer/state/v1';
  readonly intents: readonly LaunchIntent[];
  readonly machines: readonly MachineRecord[];
  /** Regions where something of this deployment was ever made, so that a region dropped from the configuration is still searched. */
  readonly regions: readonly string[];
}

const empty: StateFile = { schema: 'spot-deployer/state/v1', intents: [], machines: [], regions: [] };

/**
 * `.spot/state/CLOUD/DEPLOYMENT/` of a project: the write-ahead intents, the lock, the keys, what is known about
 * each machine, and the audit trail. Every change is on disk before the method returns, and keeps what other
 * processes have changed meanwhile: commands that only look at machines note host keys while `create` works.
 */
export class DeploymentState {
  readonly folder: string;
  readonly #stateFolder: string;

  /** @throws SPOT-E-NOT-SUPPORTED for a name that no deployment has: it may come from a tag that anybody can set */
  constructor(projectRoot: string, cloud: string, deployment: string) {
    if (!deploymentName.test(deployment)) throw badName(deployment);
    this.#stateFolder = join(projectRoot, '.spot', 'state');
    this.folder = join(this.#stateFolder, cloud, deployment);
  }

  /** Whether anything is known here of the deployment. */
  exists(): boolean {
    return existsSync(this.folder);
  }

  /** Takes the deployment's lock for a command that changes something. */
  lock(command: string): Lock {
    this.#ensureFolder();
    try {
      const lock = acquireLock(join(this.folder, 'lock'), command);
      return {
        release: () => {
          lock.release();
          this.#removeEmptyFolders();
        },
      };
    } catch (error) {
      this.#removeEmptyFolders();
      throw error;
    }
  }

  keyPath(): string {
    return join(this.folder, 'id_ed25519');
  }

  async ensureKey(comment: string): Promise<KeyPair> {
    this.#ensureFolder();
    return ensureKeyPair(this.keyPath(), comment);
  }

  intents(): readonly LaunchIntent[] {
    return this.#read().intents;
  }

  machines(): readonly MachineRecord[] {
    return this.#read().machines;
  }

  machine(id: string): MachineRecord | undefined {
    return this.machines().find((machine) => machine.id === id);
  }

  regions(): readonly string[] {
    return this.#read().regions;
  }

  openIntent(intent: LaunchIntent): void {
    this.#update((state) => ({
      ...state,
      intents: [...state.intents, intent],
      regions: [...new Set([...state.regions, intent.region])].sort(),
    }));
  }

  /** Ends an intent: its machines are recorded in the same write, so neither is ever known without the other. */
  closeIntent(token: string, machines: readonly MachineRecord[]): void {
    this.#update((state) => ({
      ...state,
      intents: state.intents.filter((intent) => intent.token !== token),
      machines: [
        ...state.machines.filter((known) => !machines.some((added) => added.id === known.id)),
        ...machines,
      ],
    }));
  }

  /** A machine that is not known (any more) stays so. */
  updateMachine(id: string, change: Partial<MachineRecord>): void {
    if (this.machine(id) === undefined) return;
    this.#update((state) => ({
      ...state,
      machines: state.machines.map((machine) => (machine.id === id ? { ...machine, ...change } : machine)),
    }));
  }

  forgetMachines(ids: readonly string[]): void {
    if (ids.length === 0) return;
    this.#update((state) => ({ ...state, machines: state.machines.filter(({ id }) => !ids.includes(id)) }));
  }

  writeRelease(id: string, record: object): void {
    writeFileAtomically(join(this.folder, 'releases', `${id}.json`), JSON.stringify(record));
  }

  readRelease<Record>(id: string): Record | undefined {
    return readJsonFile<Record>(join(this.folder, 'releases', `${id}.json`));
  }

  /** Appends a line to the audit trail: who did what to which resource, and when. */
  audit(action: string, details: Readonly<Record<string, unknown>>): void {
    const line = JSON.stringify({ at: new Date().toISOString(), pid: process.pid, action, ...details });
    const path = join(this.folder, 'audit.jsonl');
    try {
      appendFileSync(path, `${line}\n`, { mode: 0o600 });
    } catch (cause) {
      throw writeError(cause, path);
    }
  }

  /** Removes all of it, when nothing of the deployment is left anywhere; parent folders go too when they are empty. */
  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
    this.#removeEmptyFolders();
  }

  #removeEmptyFolders(): void {
    removeIfOnly(this.folder, []);
    removeIfOnly(dirname(this.folder), []);
    removeIfOnly(this.#stateFolder, ['.gitignore']);
    removeIfOnly(dirname(this.#stateFolder), []);
  }

  #path(): string {
    return join(this.folder, 'state.json');
  }

  #read(): StateFile {
    return readJsonFile<StateFile>(this.#path()) ?? empty;
  }

  #update(change: (state: StateFile) => StateFile): void {
    this.#ensureFolder();
    withBriefLock(`${this.#path()}.lock`, () =>
      writeFileAtomically(this.#path(), `${JSON.stringify(change(this.#read()), undefined, 2)}\n`),
    );
  }

  #ensureFolder(): void {
    if (this.exists()) return;
    try {
      mkdirSync(this.folder, { recursive: true, mode: 0o700 });
      // Keys live here: no `git add .` may pick them up, whatever the project's own .gitignore says.
      writeFileSync(join(this.#stateFolder, '.gitignore'), '*\n');
    } catch (cause) {
      if (this.exists()) this.#removeEmptyFolders();
      throw writeError(cause, this.folder);
    }
  }
}

function badName(deployment: string): SpotError {
  return new SpotError('SPOT-E-NOT-SUPPORTED', {
    message: `${JSON.stringify(deployment)} cannot be the name of a deployment.`,
    hint: 'A name has up to 40 letters, digits, dots, hyphens and underscores. Machines whose tag says otherwise were not launched by spot-deployer: see to them by hand.',
  });
}

/** Removes a folder that holds nothing but the names in `ignorable`. */
function removeIfOnly(folder: string, ignorable: readonly string[]): void {
  if (!existsSync(folder)) return;
  if (readdirSync(folder).every((name) => ignorable.includes(name))) rmSync(folder, { recursive: true });
}
