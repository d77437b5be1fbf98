import { setTimeout as sleep } from 'node:timers/promises';
import { aliveStates, type CloudMachine, endpointOf } from '../cloud/machines.ts';
import { SpotError } from '../errors/spot-error.ts';
import { makeNewHostKeyCommand, useNewHostKeyCommand } from '../machine/host-key-commands.ts';
import type { MachineRecord } from '../state/deployment-state.ts';
import { connect } from '../transport/connect.ts';
import { isHostKey } from '../transport/host-key.ts';
import {
  ConnectionLost,
  type ExecOptions,
  type ExecResult,
  type SshConnection,
  type SshTarget,
} from '../transport/ssh-connection.ts';
import type { Fleet } from './fleet.ts';
import { labelOf } from './machine-name.ts';
import type { Survey } from './survey.ts';

const sshPort = 22;
/** How often to look for an address; the survey asks the cloud less often than that. */
const addressPauseMilliseconds = 100;

/**
 * The way to one machine: a connection whose host key is the one pinned for it, made when it is needed and made
 * again when it was lost.
 */
export class MachineAccess {
  readonly #fleet: Fleet;
  readonly #survey: Survey;
  readonly #privateKey: string;
  #machine: CloudMachine;
  #connection: SshConnection | undefined;

  constructor(fleet: Fleet, survey: Survey, machine: CloudMachine, privateKey: string) {
    this.#fleet = fleet;
    this.#survey = survey;
    this.#machine = machine;
    this.#privateKey = privateKey;
  }

  /** The machine as the cloud last showed it. */
  get machine(): CloudMachine {
    return this.#machine;
  }

  /**
   * Runs a command on the machine.
   * @param patienceMilliseconds how long to try to connect, when there is no connection
   * @throws ConnectionLost when the connection ends first: whoever asked knows whether to ask again
   */
  async exec(command: string, patienceMilliseconds: number, options: ExecOptions = {}): Promise<ExecResult> {
    const connection = await this.connected(patienceMilliseconds);
    return connection.exec(command, { signal: this.#fleet.signal, ...options });
  }

  /**
   * Like `exec`, for a command that must succeed.
   * @throws SPOT-E-DELIVERY with what the command said
   */
  async execOrFail(
    command: string,
    patienceMilliseconds: number,
    options: ExecOptions = {},
  ): Promise<Buffer> {
    const { code, stdout, stderr } = await this.exec(command, patienceMilliseconds, options);
    if (code === 0) return stdout;
    const noSpace = /No space left on device/.test(stderr);
    throw new SpotError('SPOT-E-DELIVERY', {
      message: noSpace
        ? 'The disk of the machine is full.'
        : `A command of the deployer ended with exit code ${code} on the machine.`,
      where: labelOf(this.#machine),
      evidence: stderr.trim().split('\n').slice(-10),
      ...(noSpace && { hint: 'Raise `instance_storage_gb`, or leave files out by a line in .spotignore.' }),
    });
  }

  /** The connection, with the machine's own host key in force. */
  async connected(patienceMilliseconds: number): Promise<SshConnection> {
    if (this.#connection && !this.#connection.closed) return this.#connection;
    const connection = await this.#connect(patienceMilliseconds);
    const record = this.#record();
    // Kept only from here on: a change that was cut must not leave behind a connection that others go on with.
    this.#connection = record.hostKeyInForce
      ? connection
      : await this.#withOwnHostKey(connection, record, patienceMilliseconds);
    return this.#connection;
  }

  close(): void {
    this.#connection?.close();
    this.#connection = undefined;
  }

  async #connect(patienceMilliseconds: number): Promise<SshConnection> {
    const deadline = Date.now() + patienceMilliseconds;
    let target = await this.#target();
    while (target === undefined) {
      if (Date.now() > deadline) throw this.#noAddress(patienceMilliseconds);
      await sleep(addressPauseMilliseconds, undefined, { signal: this.#fleet.signal });
      target = await this.#target();
    }
    return connect(target, {
      patienceMilliseconds,
      signal: this.#fleet.signal,
      beforeAttempt: async () => {
        await this.#target();
      },
    });
  }

  #noAddress(patienceMilliseconds: number): SpotError {
    return new SpotError('SPOT-E-MACHINE-UNREACHABLE', {
      message: `The machine got no public address in ${Math.round(patienceMilliseconds / 1000)} s.`,
      where: labelOf(this.#machine),
      hint: 'Check that its subnet gives public addresses (`aws ec2 describe-subnets`, MapPublicIpOnLaunch).',
    });
  }

  /** Where the machine is reached; undefined as long as the cloud has no address for it. */
  async #target(): Promise<SshTarget | undefined> {
    await this.#look();
    if (!aliveStates.includes(this.#machine.state)) {
      throw new SpotError('SPOT-E-MACHINE-GONE', {
        message: `The machine is ${this.#machine.state}${this.#machine.stateReason ? ` (${this.#machine.stateReason})` : ''}.`,
        where: labelOf(this.#machine),
      });
    }
    const endpoint = endpointOf(this.#machine, sshPort);
    if (endpoint === undefined) return undefined;
    const record = this.#record();
    const hostKeys = record.hostKeyInForce ? [record.hostKey] : [record.hostKey, record.bootstrapHostKey];
    return {
      ...endpoint,
      username: this.#fleet.settings.username,
      privateKey: this.#privateKey,
      hostKeys: hostKeys.filter((key) => key !== undefined),
      label: labelOf(this.#machine),
    };
  }

  /** Asks the cloud about the machine. A cloud that does not answer for once is no news of a machine whose address is known. */
  async #look(): Promise<void> {
    const { region, id } = this.#machine;
    try {
      this.#machine = (await this.#survey.machine(region, id)) ?? this.#machine;
    } catch (error) {
      const noNews = error instanceof SpotError && error.code === 'SPOT-E-CLOUD-UNREACHABLE';
      if (!noNews || endpointOf(this.#machine, sshPort) === undefined) throw error;
    }
  }

  /**
   * The first act on a new machine. Anyone who could read its user data knows the key that it was launched with, so
   * the machine makes one of its own and reports it over this connection; then only that one counts. Each half is
   * on disk before the next begins, so it may be cut anywhere.
   * @returns a connection that the machine's own key authenticates; none is left open when this throws
   */
  async #withOwnHostKey(
    first: SshConnection,
    record: MachineRecord,
    patienceMilliseconds: number,
  ): Promise<SshConnection> {
    let connection = first;
    try {
      if (!record.hostKey || !isHostKey(connection.shownHostKey, record.hostKey)) {
        const hostKey = (await this.#change(connection, makeNewHostKeyCommand())).trim();
        this.#fleet.state.updateMachine(record.id, { hostKey });
        await this.#change(connection, useNewHostKeyCommand());
        connection.close();
        connection = await this.#connect(patienceMilliseconds);
      }
      const reported = this.#record().hostKey;
      if (!reported || !isHostKey(connection.shownHostKey, reported)) {
        throw new ConnectionLost('sshd has not taken the new host key into use yet.');
      }
      this.#fleet.state.updateMachine(record.id, { hostKeyInForce: true, bootstrapHostKey: undefined });
      return connection;
    } catch (error) {
      connection.close();
      throw error;
    }
  }

  async #change(connection: SshConnection, command: string): Promise<string> {
    const { code, stdout, stderr } = await connection.exec(command, { signal: this.#fleet.signal });
    if (code === 0) return stdout.toString();
    throw new SpotError('SPOT-E-DELIVERY', {
      message: 'The machine could not make a host key of its own.',
      where: labelOf(this.#machine),
      evidence: stderr.trim().split('\n').slice(-10),
    });
  }

  #record(): MachineRecord {
    const record = this.#fleet.state.machine(this.#machine.id);
    if (record) return record;
    throw new SpotError('SPOT-E-MACHINE-FOREIGN', {
      message: `${this.#machine.id} carries the name of this deployment, but this folder did not launch it.`,
      where: labelOf(this.#machine),
    });
  }
}
