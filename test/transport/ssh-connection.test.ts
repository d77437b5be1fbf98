import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import ssh2, { type Connection, type ServerChannel } from 'ssh2';
import { afterEach, expect, test } from 'vitest';
import { generateKeyPair } from '../../src/state/key-pair.ts';
import { connect } from '../../src/transport/connect.ts';
import { ConnectionLost, connectOnce, type SshTarget } from '../../src/transport/ssh-connection.ts';

const closers: (() => void)[] = [];
const newKey = () => generateKeyPair('test');
const clientKey = await newKey();
const hostKey = await newKey();

afterEach(() => {
  for (const close of closers.splice(0)) close();
});

type Behaviour = (command: string, channel: ServerChannel, client: Connection) => void;

/** A real SSH server that accepts the client's key and does what the test says with a command. */
async function serve(
  behaviour: Behaviour,
  options: { port?: number; key?: string } = {},
): Promise<SshTarget> {
  const server = new ssh2.Server({ hostKeys: [options.key ?? hostKey.privateKey] }, (client) => {
    closers.push(() => client.end());
    client.on('error', () => {});
    client.on('authentication', (context) => {
      const accepted = ssh2.utils.parseKey(clientKey.publicKey);
      if (accepted instanceof Error || Array.isArray(accepted)) throw new Error('no key');
      const same = context.method === 'publickey' && context.key.data.equals(accepted.getPublicSSH());
      if (same) context.accept();
      else context.reject(['publickey']);
    });
    client.on('session', (acceptSession) => {
      acceptSession().on('exec', (acceptExec, _reject, { command }) =>
        behaviour(command, acceptExec(), client),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
  closers.push(() => server.close());
  const { port } = server.address() as AddressInfo;
  return {
    host: '127.0.0.1',
    port,
    username: 'ubuntu',
    privateKey: clientKey.privateKey,
    hostKeys: [hostKey.publicKey],
    label: 'i-1 @ 127.0.0.1',
  };
}

const succeed: Behaviour = (command, channel) => {
  channel.write(`ran ${command}`);
  channel.stderr.write('and said so');
  channel.exit(0);
  channel.end();
};

test('a command has its output, error output and exit code', async () => {
  const connection = await connectOnce(await serve(succeed), 5_000);
  const { code, stdout, stderr } = await connection.exec('true');
  expect([code, stdout.toString(), stderr]).toEqual([0, 'ran true', 'and said so']);
  connection.close();
});

test('standard input reaches the command whole', async () => {
  const target = await serve((_command, channel) => {
    let length = 0;
    channel.on('data', (chunk: Buffer) => {
      length += chunk.length;
    });
    channel.on('end', () => {
      channel.write(String(length));
      channel.exit(3);
      channel.end();
    });
  });
  const connection = await connectOnce(target, 5_000);
  const { code, stdout } = await connection.exec('count', { stdin: Buffer.alloc(1_000_000) });
  expect([code, stdout.toString()]).toEqual([3, '1000000']);
  connection.close();
});

test('a host key that is not pinned is refused', async () => {
  const target = await serve(succeed);
  await expect(
    connectOnce({ ...target, hostKeys: [(await newKey()).publicKey] }, 5_000),
  ).rejects.toMatchObject({
    code: 'SPOT-E-SSH-HOST-KEY',
    where: 'i-1 @ 127.0.0.1',
  });
});

test('without a pinned key every host key is refused', async () => {
  const target = await serve(succeed);
  await expect(connectOnce({ ...target, hostKeys: [] }, 5_000)).rejects.toMatchObject({
    code: 'SPOT-E-SSH-HOST-KEY',
  });
  await expect(connectOnce({ ...target, hostKeys: [''] }, 5_000)).rejects.toMatchObject({
    code: 'SPOT-E-SSH-HOST-KEY',
  });
});

test("a swapped host key ends the waiting at once: trying again would not make it the machine's", async () => {
  const target = await serve(succeed, { key: (await newKey()).privateKey });
  const waiting = connect(target, { patienceMilliseconds: 600_000, signal: new AbortController().signal });
  await expect(waiting).rejects.toMatchObject({ code: 'SPOT-E-SSH-HOST-KEY' });
});

test('a key that the machine does not know is SPOT-E-SSH-AUTH', async () => {
  const target = await serve(succeed);
  await expect(
    connectOnce({ ...target, privateKey: (await newKey()).privateKey }, 5_000),
  ).rejects.toMatchObject({
    code: 'SPOT-E-SSH-AUTH',
  });
});

test('a connection that ends under a command is ConnectionLost, never a success', async () => {
  const target = await serve((_command, channel, client) => {
    channel.write('half');
    client.end();
  });
  const connection = await connectOnce(target, 5_000);
  await expect(connection.exec('long')).rejects.toBeInstanceOf(ConnectionLost);
  expect(connection.closed).toBe(true);
  await expect(connection.exec('again')).rejects.toBeInstanceOf(ConnectionLost);
});

test('a connection that ends while input is sent is lost too, and the input is left where it is', async () => {
  const target = await serve((_command, channel, client) => {
    channel.once('data', () => client.end());
  });
  const connection = await connectOnce(target, 5_000);
  const endless = new Readable({ read: () => void endless.push(Buffer.alloc(100_000)) });
  await expect(connection.exec('take', { stdin: endless })).rejects.toBeInstanceOf(ConnectionLost);
  expect(endless.destroyed).toBe(true);
});

test('input that cannot be read fails by its own error', async () => {
  const target = await serve((_command, channel) => void channel.resume());
  const connection = await connectOnce(target, 5_000);
  const stdin = Readable.from(
    (async function* () {
      yield Buffer.from('half');
      throw new Error('the disk is gone');
    })(),
  );
  await expect(connection.exec('take', { stdin })).rejects.toThrow('the disk is gone');
  connection.close();
});

test('connect waits for a machine that does not listen yet', async () => {
  const reserved = await serve(succeed);
  for (const close of closers.splice(0)) close();
  const waiting = connect(reserved, { patienceMilliseconds: 30_000, signal: new AbortController().signal });
  await new Promise((resolve) => setTimeout(resolve, 300));
  await serve(succeed, { port: reserved.port });
  const connection = await waiting;
  expect((await connection.exec('true')).code).toBe(0);
  connection.close();
});

test('patience ends with where and why', async () => {
  const target = await serve(succeed);
  for (const close of closers.splice(0)) close();
  const waiting = connect(target, { patienceMilliseconds: 200, signal: new AbortController().signal });
  await expect(waiting).rejects.toMatchObject({
    code: 'SPOT-E-MACHINE-UNREACHABLE',
    message: expect.stringContaining('ECONNREFUSED'),
  });
});
