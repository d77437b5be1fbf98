import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { removeContainers } from '../../../src/rehearsal/machines/docker-clean.ts';
import { cloudIdOf } from '../../../src/rehearsal/machines/docker-host.ts';
import { cloudLabel } from '../../../src/rehearsal/machines/docker-run.ts';
import { type RunningSpot, startSpot } from './spot-process.ts';

/** Not below /tmp: there a search for the project would meet what other programs leave. */
const base = join(homedir(), '.cache', 'spot-deployer-tests');

/** Bytes: lists of very many files are read from a machine. */
const largestOutput = 64 * 1024 * 1024;

type Files = Readonly<Record<string, string>>;

/**
 * A project folder with a rehearsal cloud of its own, so that tests see nothing of each other or of the user's
 * machines. `dispose` ends every machine of it, whatever the test left.
 */
export class Rehearsal {
  readonly folder: string;
  readonly name: string;
  readonly root: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly #cloudFolder: string;
  readonly #started: RunningSpot[] = [];

  constructor(name: string, files: Files) {
    mkdirSync(base, { recursive: true });
    this.folder = mkdtempSync(join(base, `${name}-`));
    this.name = name;
    this.root = join(this.folder, name);
    const cache = join(this.folder, 'cache');
    this.environment = { ...process.env, SPOT_CACHE_DIR: cache, SPOT_CLOUD: 'local' };
    this.#cloudFolder = join(cache, 'rehearsal');
    mkdirSync(this.root);
    this.write(files);
  }

  /** Writes files of the project; paths relative to it. Scripts (`*.sh`) become executable. */
  write(files: Files): void {
    for (const [path, content] of Object.entries(files)) {
      const absolute = join(this.root, path);
      mkdirSync(dirname(absolute), { recursive: true });
      writeFileSync(absolute, content, { mode: path.endsWith('.sh') ? 0o755 : 0o644 });
    }
  }

  /** Removes a file of the project, which may be missing. */
  remove(path: string): void {
    rmSync(join(this.root, path), { force: true });
  }

  /** Starts `spot` in the project folder; the result is awaited, or the running process is used. */
  spot(...args: readonly string[]): RunningSpot {
    const started = startSpot(args, { cwd: this.root, env: this.environment });
    this.#started.push(started);
    return started;
  }

  /** Runs `spot … --json` and answers the document it printed last. */
  async json<Document>(...args: readonly string[]): Promise<Document> {
    const { stdout } = await this.spot(...args, '--json');
    return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Document;
  }

  /** The label that every container of this rehearsal carries. */
  get label(): string {
    return `${cloudLabel}=${cloudIdOf(this.#cloudFolder)}`;
  }

  /** Names of this rehearsal's containers, running or not, also those that were only created. */
  containers(): readonly string[] {
    return this.docker('ps', '--all', '--filter', `label=${this.label}`, '--format', '{{.Names}}')
      .split('\n')
      .filter((name) => name !== '');
  }

  docker(...args: readonly string[]): string {
    return execFileSync('docker', args, { encoding: 'utf8', maxBuffer: largestOutput });
  }

  /** Runs a command as root on a machine, past everything of ours. */
  onMachine(id: string, script: string): string {
    return this.docker('exec', `spot-${id}`, 'bash', '-c', script);
  }

  /** The machine image stays: it takes half a minute to make, and other rehearsals use it. */
  async dispose(): Promise<void> {
    for (const { process: child } of this.#started) child.kill('SIGKILL');
    await removeContainers(this.#cloudFolder);
    rmSync(this.folder, { recursive: true, force: true });
  }
}
