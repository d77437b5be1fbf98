import spawn, { SubprocessError } from 'nano-spawn';
import { SpotError } from '../../errors/spot-error.ts';

/** What went wrong with a docker command, as far as it matters here. */
export type DockerTrouble =
  | 'none'
  | 'down'
  | 'denied'
  | 'disk-full'
  | 'port-taken'
  | 'no-such-image'
  | 'no-such-container'
  | 'other';

/** A docker command that failed. */
export class DockerFailure extends Error {
  readonly trouble: DockerTrouble;
  readonly stdout: string;
  readonly stderr: string;

  constructor(trouble: DockerTrouble, stdout: string, stderr: string, cause: unknown) {
    super(stderr.trim() || `docker failed: ${trouble}`, { cause });
    this.name = 'DockerFailure';
    this.trouble = trouble;
    this.stdout = stdout;
    this.stderr = stderr;
  }
}

export interface DockerOptions {
  /** Variables for docker itself, beside those of this process. */
  readonly env?: Readonly<Record<string, string>>;
  /** When it is given up and ended; see `patienceMs`. */
  readonly timeoutMs?: number;
  /** Ctrl-C on the terminal does not reach it: for what must not end half-done. */
  readonly uninterrupted?: boolean;
}

/** An engine under load starts a machine in some seconds; one that hangs must not take the command with it. */
const patienceMs = 300_000;

/** Runs `docker` with these arguments; gives what it prints. Rejects with DockerFailure. */
export async function docker(args: readonly string[], options: DockerOptions = {}): Promise<string> {
  const timeout = options.timeoutMs ?? patienceMs;
  const begun = performance.now();
  try {
    const { stdout } = await spawn('docker', args, {
      timeout,
      ...(options.env === undefined ? {} : { env: options.env }),
      ...(options.uninterrupted === undefined ? {} : { detached: options.uninterrupted }),
    });
    return stdout;
  } catch (error) {
    if (performance.now() - begun >= timeout) throw noEnd(args, timeout, error);
    throw dockerFailure(error);
  }
}

function noEnd([command]: readonly string[], timeout: number, cause: unknown): DockerFailure {
  const stderr = `docker ${command} did not end within ${timeout / 1000} seconds and was stopped`;
  return new DockerFailure('other', '', stderr, cause);
}

/** What a program that was run with nano-spawn failed of; `none` when it is not on this computer. */
export function dockerFailure(error: unknown): DockerFailure {
  const { stdout = '', stderr = '' } = error instanceof SubprocessError ? error : {};
  const missing = (error as { cause?: NodeJS.ErrnoException }).cause?.code === 'ENOENT';
  return new DockerFailure(missing ? 'none' : classify(stderr), stdout, stderr, error);
}

/**
 * The docker command has one exit code for every trouble, so its words are all there is to go by. They are those
 * of Docker 20.10 to 28, of Docker Desktop, and of Podman.
 */
const signs: readonly (readonly [RegExp, DockerTrouble])[] = [
  [/permission denied.*(docker|socket)|(docker|socket).*permission denied/is, 'denied'],
  [
    /cannot connect to the docker daemon|is the docker daemon running|error during connect|cannot connect to podman/i,
    'down',
  ],
  [/no space left on device|disk quota exceeded/i, 'disk-full'],
  [/port is already allocated|address already in use|ports are not available/i, 'port-taken'],
  [/no such image|unable to find image|image not known|image .* not found locally/i, 'no-such-image'],
  [/no such (container|object)|no container with name|is not running/i, 'no-such-container'],
];

/** Which trouble docker's own words on stderr tell of. */
export function classify(stderr: string): DockerTrouble {
  return signs.find(([sign]) => sign.test(stderr))?.[1] ?? 'other';
}

/** The error that a user can do something about. */
export function dockerError(failure: unknown, doing: string): SpotError {
  if (!(failure instanceof DockerFailure)) {
    return failure instanceof SpotError
      ? failure
      : new SpotError('SPOT-E-DOCKER-FAILED', { message: `Docker could not ${doing}.`, cause: failure });
  }
  // Asked about several machines, docker says the same of each.
  const evidence = [...new Set(failure.stderr.trim().split('\n'))].slice(-12);
  switch (failure.trouble) {
    case 'none':
      return new SpotError('SPOT-E-DOCKER-NONE', { message: `There is no docker command to ${doing}.` });
    case 'down':
      return new SpotError('SPOT-E-DOCKER-DOWN', {
        message: `The Docker engine does not answer; it is needed to ${doing}.`,
        evidence,
      });
    case 'denied':
      return new SpotError('SPOT-E-DOCKER-DENIED', {
        message: `Docker may not be used by this user; it is needed to ${doing}.`,
        evidence,
      });
    case 'disk-full':
      return new SpotError('SPOT-E-DISK-FULL', {
        message: `Docker had no disk space left to ${doing}.`,
        evidence,
      });
    case 'port-taken':
      return new SpotError('SPOT-E-PORT-TAKEN', {
        message: `A port was taken when Docker was to ${doing}.`,
        evidence,
      });
    default:
      return new SpotError('SPOT-E-DOCKER-FAILED', {
        message: `Docker could not ${doing}.`,
        evidence,
        cause: failure,
      });
  }
}
