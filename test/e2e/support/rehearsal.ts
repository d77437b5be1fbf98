import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { type RunningSpot, startSpot } from './spot-process.ts';

/** Not below /tmp: there a search for the project would meet what other programs leave. */
const base = join(homedir(), '.cache', 'spot-deployer-tests');

type Files = Readonly<Record<string, string>>;

/**
 * A project folder with a rehearsal cloud of its own, so that tests see nothing of each other or of the user's
 * machines. `dispose` ends every machine of it, whatever the test left.
 */
export class Rehearsal {
  readonly folder: string;
  readonly root: string;
  readonly environment: NodeJS.ProcessEnv;

  constructor(name: string, files: Files) {
    mkdirSync(base, { recursive: true });
    this.folder = mkdtempSync(join(base, `${name}-`));
    this.root = join(this.folder, name);
    this.environment = { ...process.env, SPOT_CACHE_DIR: join(this.folder, 'cache'), SPOT_CLOUD: 'local' };
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

  /** Starts `spot` in the project folder; the result is awaited, or the running process is used. */
  spot(...args: readonly string[]): RunningSpot {
    return startSpot(args, { cwd: this.root, env: this.environment });
  }

  /** Runs `spot … --json` and answers the document it printed last. */
  async json<Document>(...args: readonly string[]): Promise<Document> {
    const { stdout } = await this.spot(...args, '--json');
    return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Document;
  }

  /** Names of this rehearsal's containers, running or not. */
  containers(): readonly string[] {
    return this.docker('ps', '--all', '--format', '{{.Names}}\t{{.Label "spot-deployer.rehearsal"}}')
      .split('\n')
      .filter((line) => line.includes('\t') && this.#owns(line.split('\t')[0] ?? ''))
      .map((line) => line.split('\t')[0] ?? '');
  }

  docker(...args: readonly string[]): string {
    return execFileSync('docker', args, { encoding: 'utf8' });
  }

  /** Runs a command as root on a machine, past everything of ours. */
  onMachine(id: string, script: string): string {
    return this.docker('exec', `spot-${id}`, 'bash', '-c', script);
  }

  async dispose(): Promise<void> {
    await this.spot('local', 'clean');
    rmSync(this.folder, { recursive: true, force: true });
  }

  #owns(container: string): boolean {
    return this.docker('inspect', '--format', '{{json .Config.Labels}}', container).includes(
      resolve(this.folder),
    );
  }
}
