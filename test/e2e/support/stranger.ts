import { chmodSync, cpSync, lchownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type RunningSpot, spotPath, startSpot } from './spot-process.ts';

/** `nobody` and `nogroup`, on Debian and most others. */
const nobody = 65_534;
const isRoot = process.getuid?.() === 0;

/**
 * A user with no rights but those of everyone, in a project that belongs to somebody else. Tests that run as root
 * become `nobody`; others have no special rights to begin with.
 */
export class Stranger {
  readonly folder = mkdtempSync(join(tmpdir(), 'spot-stranger-'));
  readonly root = join(this.folder, 'app');
  readonly #home = join(this.folder, 'home');

  constructor() {
    mkdirSync(join(this.root, 'deployment'), { recursive: true });
    writeFileSync(join(this.root, 'deployment', 'setup.sh'), '#!/bin/bash\n', { mode: 0o755 });
    mkdirSync(this.#home);
    this.#own(this.#home);
    // The repository may lie in a home folder that nobody else can read.
    cpSync(dirname(spotPath), join(this.folder, 'dist'), { recursive: true });
    chmodSync(this.folder, 0o755);
    chmodSync(this.root, 0o555);
  }

  /** Lets the stranger write to the project. */
  openProject(): void {
    chmodSync(this.root, 0o755);
    this.#own(this.root);
  }

  spot(args: readonly string[], env: NodeJS.ProcessEnv = {}): RunningSpot {
    const become = isRoot ? ['setpriv', `--reuid=${nobody}`, `--regid=${nobody}`, '--clear-groups'] : [];
    return startSpot(args, {
      cwd: this.root,
      env: { PATH: process.env.PATH, HOME: this.#home, ...env },
      command: [...become, process.execPath, join(this.folder, 'dist', 'spot.js')],
    });
  }

  dispose(): void {
    chmodSync(this.root, 0o755);
    rmSync(this.folder, { recursive: true, force: true });
  }

  #own(path: string): void {
    if (isRoot) lchownSync(path, nobody, nobody);
  }
}
