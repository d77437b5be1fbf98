/**
 * A deployment: everything that was decided from reading the project folder and its settings, before
 * anything is compiled. Pure data; the same folder and settings give the same value.
 */
export interface Deployment {
  readonly name: string;
  /** Absolute path of the project folder. Never part of what is compiled. */
  readonly root: string;
  readonly mode: 'convention';
  /** Every entry below the project that goes to a machine, sorted by path (byte order). */
  readonly entries: readonly ProjectEntry[];
  /** Things found that the user should know but that stop nothing (a socket left out, say). */
  readonly notices: readonly string[];
  /** Debian packages that cloud-init installs. */
  readonly packages: readonly string[];
  readonly scripts: readonly Script[];
  /** TCP ports that the deployment serves on; opened, published, and waited for. */
  readonly ports: readonly number[];
  /** Reboot at the end, after which every check must hold again. */
  readonly reboot: boolean;
}

/** One file, folder or symbolic link of the project. Paths are relative, with `/`, without a leading `./`. */
export type ProjectEntry = FileEntry | DirectoryEntry | SymlinkEntry;

export interface FileEntry {
  readonly type: 'file';
  readonly path: string;
  /** Mode on the machine: 0o644, 0o755 when the owner may execute it, 0o600 when secret. */
  readonly mode: number;
  readonly size: number;
  /** Lower-case hex SHA-256 of the content. */
  readonly sha256: string;
  /** Content of `secrets/`, `credentials/`, `.env`: never cached, logged or shown. */
  readonly secret: boolean;
}

export interface DirectoryEntry {
  readonly type: 'directory';
  readonly path: string;
  /** 0o755, or 0o700 inside a secret folder. */
  readonly mode: number;
}

export interface SymlinkEntry {
  readonly type: 'symlink';
  readonly path: string;
  readonly target: string;
}

/** A script of the project that runs on every machine. */
export interface Script {
  /** Stable id of its step: `setup`. Letters, digits and hyphens. */
  readonly id: string;
  /** What a person calls it: `deployment/setup.sh`. */
  readonly title: string;
  /** The program and its arguments, run in the release's folder as root. */
  readonly command: readonly string[];
  readonly timeoutSeconds: number;
  /** Keep it as a service when it is still running and listening. */
  readonly adopt: boolean;
}
