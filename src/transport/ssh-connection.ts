import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Client, ClientChannel } from 'ssh2';
import { SpotError } from '../errors/spot-error.ts';
import { fingerprint, isHostKey } from './host-key.ts';

export interface SshTarget {
  readonly host: string;
  readonly port: number;
  readonly username: string;
  /** OpenSSH private key. */
  readonly privateKey: string;
  /** Public keys (`ssh-ed25519 AAAA…`) of which the server must show one. */
  readonly hostKeys: readonly string[];
  /** What errors call it: `i-0123… @ 203.0.113.7`. */
  readonly label: string;
}

export interface ExecResult {
  readonly code: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

export interface ExecOptions {
  readonly stdin?: Readable | Buffer;
  /** Gets standard output as it comes; `stdout` of the result is then empty. */
  readonly onStdout?: (chunk: Buffer) => void;
  readonly signal?: AbortSignal;
}

/** The connection went away in the middle: what was asked may or may not have happened. */
export class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost';
}

const keepaliveMilliseconds = 5_000;

/** One SSH connection to a machine whose host key is pinned. */
export class SshConnection {
  /** The host key (wire form) that the server showed, one of the target's. */
  readonly shownHostKey: Buffer;
  readonly #client: Client;
  readonly #label: string;
  #closed = false;

  constructor(client: Client, label: string, shownHostKey: Buffer) {
    this.#client = client;
    this.#label = label;
    this.shownHostKey = shownHostKey;
    // Also keeps a late socket error from ending the process: those who wait are told by their channel's end.
    client.on('error', () => {
      this.#closed = true;
    });
    client.on('close', () => {
      this.#closed = true;
    });
  }

  get closed(): boolean {
    return this.#closed;
  }

  /**
   * Runs a command line in the login shell and waits for its end.
   * @throws ConnectionLost when the connection ends before the command does
   */
  async exec(command: string, options: ExecOptions = {}): Promise<ExecResult> {
    options.signal?.throwIfAborted();
    return new Promise((resolve, reject) => {
      const lost = () => reject(new ConnectionLost(`The connection to ${this.#label} ended.`));
      if (this.#closed) return lost();
      this.#client.once('close', lost);
      this.#client.exec(command, (error, channel) => {
        this.#client.off('close', lost);
        if (error) reject(new ConnectionLost(`The connection to ${this.#label} ended: ${error.message}`));
        // In this very turn: what a quick command says, its exit code too, may be in the packet behind the answer.
        else resolve(this.#collect(channel, options));
      });
    });
  }

  close(): void {
    this.#closed = true;
    this.#client.end();
  }

  /** Listens before it first awaits: nothing of the channel may be missed. */
  async #collect(channel: ClientChannel, options: ExecOptions): Promise<ExecResult> {
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    channel.on('data', options.onStdout ?? ((chunk: Buffer) => stdout.push(chunk)));
    channel.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
    const ended = new Promise<number | undefined>((resolve) => {
      let code: number | undefined;
      channel.on('exit', (status: number | null, signalName?: string) => {
        code = status ?? (signalName === undefined ? undefined : 128);
      });
      channel.on('close', () => resolve(code));
      channel.on('error', () => resolve(code));
    });
    const stopOnAbort = () => channel.destroy();
    options.signal?.addEventListener('abort', stopOnAbort, { once: true });
    const [code, inputFailure] = await Promise.all([ended, sendInput(channel, options.stdin)]);
    options.signal?.removeEventListener('abort', stopOnAbort);
    options.signal?.throwIfAborted();
    if (inputFailure !== undefined) throw inputFailure;
    if (code === undefined) throw new ConnectionLost(`The connection to ${this.#label} ended.`);
    return { code, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr).toString() };
  }
}

/**
 * A command that stops reading early, or a connection that ends, is no failure of the sender: the exit code tells.
 * @returns what kept the input from being read to its end, if something did
 */
async function sendInput(
  channel: ClientChannel,
  input: Readable | Buffer | undefined,
): Promise<Error | undefined> {
  if (input === undefined || Buffer.isBuffer(input)) {
    channel.end(input);
    return undefined;
  }
  let closed = false;
  let failure: Error | undefined;
  // The pipeline ends each side with the other's error, so what came first tells whose it was.
  channel.once('close', () => {
    closed = true;
  });
  input.once('error', (error) => {
    if (!closed) failure = error;
  });
  await pipeline(input, channel).catch(() => undefined);
  return failure;
}

/**
 * Connects once.
 * @throws SPOT-E-SSH-HOST-KEY, SPOT-E-SSH-AUTH; ConnectionLost for everything that another attempt may mend
 */
export async function connectOnce(target: SshTarget, timeoutMilliseconds: number): Promise<SshConnection> {
  const { default: ssh2 } = await import('ssh2');
  const client = new ssh2.Client();
  let shown: Buffer | undefined;
  let accepted = false;
  return new Promise((resolve, reject) => {
    client.on('ready', () => {
      client.setNoDelay(true);
      client.removeAllListeners();
      resolve(new SshConnection(client, target.label, shown ?? Buffer.alloc(0)));
    });
    client.on('error', (error: Error & { level?: string }) => {
      if (shown && !accepted) reject(hostKeyError(target, shown));
      else if (error.level === 'client-authentication') reject(authenticationError(target, error));
      else reject(new ConnectionLost(`${target.label}: ${error.message}`));
      client.destroy();
    });
    client.on('close', () => reject(new ConnectionLost(`${target.label}: the connection was closed.`)));
    client.connect({
      host: target.host,
      port: target.port,
      username: target.username,
      privateKey: target.privateKey,
      readyTimeout: timeoutMilliseconds,
      keepaliveInterval: keepaliveMilliseconds,
      keepaliveCountMax: 3,
      algorithms: { serverHostKey: ['ssh-ed25519'] },
      hostVerifier: (key: Buffer) => {
        shown = key;
        accepted = target.hostKeys.some((expected) => isHostKey(key, expected));
        return accepted;
      },
    });
  });
}

function hostKeyError(target: SshTarget, shown: Buffer): SpotError {
  return new SpotError('SPOT-E-SSH-HOST-KEY', {
    message: `${target.label} shows the host key ${fingerprint(shown)}, which is not the one it was launched with or reported.`,
    where: target.label,
  });
}

function authenticationError(target: SshTarget, cause: Error): SpotError {
  return new SpotError('SPOT-E-SSH-AUTH', {
    message: `${target.label} does not accept the deployment's key for the user ${target.username}.`,
    where: target.label,
    cause,
  });
}
