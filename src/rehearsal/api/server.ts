import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SpotError } from '../../errors/spot-error.ts';
import type { ApiRequest, ApiResponse } from './request.ts';

/** A request is some hundred parameters at most; user data makes up the most of it. */
const longestBody = 1024 * 1024;

export interface ApiServer {
  readonly endpoint: string;
  /** Waits for the answers under way, then ends every connection. */
  readonly close: () => Promise<void>;
}

/** Serves `answer` on a port of 127.0.0.1; 0 takes any free one. */
export async function serveApi(
  port: number,
  answer: (request: ApiRequest) => Promise<ApiResponse>,
): Promise<ApiServer> {
  const underWay = new Set<Promise<void>>();
  const server = createServer((incoming, outgoing) => {
    const work = respond(incoming, outgoing, answer);
    underWay.add(work);
    void work.finally(() => underWay.delete(work));
  });
  await listen(server, port);
  const { port: actual } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${actual}`,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      await Promise.all(underWay);
      server.closeAllConnections();
      await closed;
    },
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = error.code === 'EADDRINUSE' || error.code === 'EACCES';
      reject(
        taken
          ? new SpotError('SPOT-E-PORT-TAKEN', {
              message: `Port ${port} of 127.0.0.1 cannot be had.`,
              cause: error,
            })
          : error,
      );
    });
    server.listen(port, '127.0.0.1', resolve);
  });
}

async function respond(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  answer: (request: ApiRequest) => Promise<ApiResponse>,
): Promise<void> {
  try {
    if (!isLoopback(incoming.headers.host)) {
      outgoing.writeHead(403).end();
      return;
    }
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of incoming as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > longestBody) {
        outgoing.writeHead(413, { connection: 'close' }).end();
        return;
      }
      chunks.push(chunk);
    }
    const response = await answer({
      method: incoming.method ?? 'GET',
      url: incoming.url ?? '/',
      headers: headersOf(incoming),
      body: Buffer.concat(chunks).toString(),
    });
    outgoing.writeHead(response.status, { 'content-type': response.contentType, ...response.headers });
    outgoing.end(response.body);
  } catch {
    // The client went away in the middle; what it asked for is done or not begun, and nobody is left to tell.
    outgoing.destroy();
  }
}

/** A page in a browser that has its own name resolve to 127.0.0.1 shall not launch machines. */
function isLoopback(host: string | undefined): boolean {
  return /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/.test(host ?? '');
}

function headersOf(incoming: IncomingMessage): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(incoming.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : value,
    ]),
  );
}
