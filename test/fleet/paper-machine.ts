import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import ssh2, { type ServerChannel } from 'ssh2';
import { onTestFinished } from 'vitest';
import { Clients } from '../../src/cloud/clients.ts';
import { defaultSettings } from '../../src/config/default-settings.ts';
import type { FleetEvent } from '../../src/fleet/events.ts';
import type { Fleet } from '../../src/fleet/fleet.ts';
import { MachineAccess } from '../../src/fleet/machine-access.ts';
import { Survey } from '../../src/fleet/survey.ts';
import { makeNewHostKeyCommand, useNewHostKeyCommand } from '../../src/machine/host-key-commands.ts';
import { DeploymentState } from '../../src/state/deployment-state.ts';
import { generateKeyPair, type KeyPair } from '../../src/state/key-pair.ts';
import { temporaryFolder } from '../fixtures/temporary-project.ts';

const region = 'us-west-2';
export const id = 'i-0123456789abcdef0';

type KeyName = 'bootstrap' | 'own';

/** What one command does; the channel is its standard input and output. */
export type Answer = (channel: ServerChannel, command: string, cut: () => void) => void;

/** Prints this and ends with this exit code. */
export const answer =
  (code: number, stdout = '', stderr = ''): Answer =>
  (channel) => {
    channel.write(stdout);
    channel.stderr.write(stderr);
    channel.exit(code);
    channel.end();
  };

/**
 * A machine with nothing on it but an SSH server, and a cloud that knows nothing but this machine. It makes its own
 * host key when it is told to; every other command is answered as the test says.
 */
export class PaperMachine {
  /** Commands that came, each with the host key of its connection. */
  readonly commands: { readonly key: KeyName; readonly command: string }[] = [];
  /** Sockets of clients that are still there. */
  readonly open = new Set<Socket>();
  readonly events: FleetEvent[] = [];
  /** Whether the cloud answers. */
  reachable = true;
  /** What the cloud shows. */
  exists = true;
  /** Answers for the next commands, whichever they are. */
  readonly next: Answer[] = [];
  readonly keys: Readonly<Record<KeyName, KeyPair>>;
  readonly fleet: Fleet;
  readonly #client: string;
  #shown: KeyName = 'bootstrap';

  private constructor(cloud: string, client: string, keys: Readonly<Record<KeyName, KeyPair>>) {
    this.keys = keys;
    const root = temporaryFolder();
    const state = new DeploymentState(root, 'local', 'app');
    const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };
    const clients = new Clients({ name: 'local', endpoint: cloud, credentials });
    onTestFinished(() => clients.close());
    const settings = { ...defaultSettings, regions: defaultSettings.regions.slice(0, 1) };
    const emit = (event: FleetEvent) => void this.events.push(event);
    this.fleet = { name: 'app', root, settings, clients, state, emit, signal: new AbortController().signal };
    this.#client = client;
  }

  static async start(): Promise<PaperMachine> {
    const [client, bootstrap, own] = (await Promise.all(
      ['client', 'bootstrap', 'own'].map((name) => generateKeyPair(name)),
    )) as [KeyPair, KeyPair, KeyPair];
    const cloud = createHttpServer((_request, response) => {
      if (machine.reachable) response.end(describeInstances(machine.exists ? sshPort : undefined));
      else response.socket?.destroy();
    });
    const ssh = createServer((socket) => machine.#serve(socket));
    const sshPort = await listening(ssh);
    const machine = new PaperMachine(`http://127.0.0.1:${await listening(cloud)}`, client.privateKey, {
      bootstrap,
      own,
    });
    machine.fleet.state.closeIntent('none', [
      {
        id,
        region,
        index: 0,
        launchedAt: '2026-01-02T03:04:05.000Z',
        bootstrapHostKey: machine.keys.bootstrap.publicKey,
        hostKey: undefined,
        hostKeyInForce: false,
        release: undefined,
        phase: 'launched',
        wasReady: false,
      },
    ]);
    return machine;
  }

  /** The way to it as it has just been found; whatever is asked from now on, the cloud is asked. */
  async access(): Promise<MachineAccess> {
    const [found] = await new Survey(this.fleet).everything();
    if (found === undefined) throw new Error('the cloud shows no machine');
    const access = new MachineAccess(this.fleet, new Survey(this.fleet), found, this.#client);
    onTestFinished(() => access.close());
    return access;
  }

  #serve(socket: Socket): void {
    const key = this.#shown;
    this.open.add(socket);
    socket.on('close', () => this.open.delete(socket));
    const server = new ssh2.Server({ hostKeys: [this.keys[key].privateKey] }, (client) => {
      client.on('error', () => {});
      client.on('authentication', (context) => context.accept());
      client.on('session', (acceptSession) => {
        acceptSession().on('exec', (acceptExec, _reject, { command }) => {
          this.commands.push({ key, command });
          const reply = this.next.shift() ?? this.#ownAnswer(command);
          reply(acceptExec(), command, () => socket.destroy());
        });
      });
    });
    server.injectSocket(socket);
  }

  #ownAnswer(command: string): Answer {
    if (command === makeNewHostKeyCommand()) return answer(0, `${this.keys.own.publicKey}\n`);
    if (command === useNewHostKeyCommand()) this.#shown = 'own';
    return answer(0);
  }
}

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

/** As in the EC2 API Reference; a port is mapped as the rehearsal cloud does it. */
function describeInstances(sshPort: number | undefined): string {
  const instance = `<item><instancesSet><item><instanceId>${id}</instanceId>
    <instanceState><code>16</code><name>running</name></instanceState>
    <tagSet><item><key>rehearsal:endpoint:22</key><value>127.0.0.1:${sshPort}</value></item></tagSet>
  </item></instancesSet></item>`;
  return `<?xml version="1.0"?><DescribeInstancesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">
    <reservationSet>${sshPort === undefined ? '' : instance}</reservationSet></DescribeInstancesResponse>`;
}
