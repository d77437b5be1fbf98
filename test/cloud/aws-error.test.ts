import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DescribeRegionsCommand } from '@aws-sdk/client-ec2';
import { afterEach, expect, test } from 'vitest';
import { cloudCall } from '../../src/cloud/aws-error.ts';
import { Clients } from '../../src/cloud/clients.ts';
import type { SpotError } from '../../src/errors/spot-error.ts';

const closers: (() => void)[] = [];

afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** An endpoint that refuses everything with one EC2 error, over real HTTP. */
async function clientsRefusedWith(code: string, message: string): Promise<Clients> {
  const server = createServer((_request, response) => {
    response.writeHead(400, { 'content-type': 'text/xml' });
    response.end(
      `<Response><Errors><Error><Code>${code}</Code><Message>${message}</Message></Error></Errors><RequestID>r</RequestID></Response>`,
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return clientsOf(`http://127.0.0.1:${port}`);
}

function clientsOf(endpoint: string): Clients {
  const clients = new Clients({
    name: 'aws',
    endpoint,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  closers.push(() => clients.close());
  return clients;
}

async function errorOf(clients: Clients): Promise<SpotError> {
  const call = cloudCall('DescribeRegions', () =>
    clients.ec2Launcher('us-west-2').send(new DescribeRegionsCommand({})),
  );
  return call.then(
    () => Promise.reject(new Error('the call succeeded')),
    (error: SpotError) => error,
  );
}

test.each([
  ['UnauthorizedOperation', 'SPOT-E-CLOUD-DENIED'],
  ['VcpuLimitExceeded', 'SPOT-E-CLOUD-QUOTA'],
  ['InsufficientInstanceCapacity', 'SPOT-E-CLOUD-CAPACITY'],
  ['RequestLimitExceeded', 'SPOT-E-CLOUD-UNREACHABLE'],
  ['InvalidParameterValue', 'SPOT-E-CLOUD-REFUSED'],
])('%s is %s', async (code, expected) => {
  const error = await errorOf(await clientsRefusedWith(code, 'Because.'));
  expect(error.code).toBe(expected);
  expect(error.message).toBe(`DescribeRegions failed: ${code}: Because.`);
});

test("an endpoint's own trouble keeps its code, words and evidence", async () => {
  const text = 'The engine sleeps.\nCannot connect.';
  const error = await errorOf(await clientsRefusedWith('Rehearsal.SPOT-E-DOCKER-DOWN', text));
  expect(error.toJSON()).toEqual({
    code: 'SPOT-E-DOCKER-DOWN',
    message: 'The engine sleeps.',
    hint: expect.stringMatching(/^Start it: /),
    evidence: ['Cannot connect.'],
  });
});

test('an endpoint that nobody serves is unreachable', async () => {
  const error = await errorOf(clientsOf('http://127.0.0.1:1'));
  expect(error.code).toBe('SPOT-E-CLOUD-UNREACHABLE');
  expect(error.message).toContain('ECONNREFUSED');
});
