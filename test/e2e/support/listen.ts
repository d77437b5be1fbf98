import { once } from 'node:events';
import type { AddressInfo, Server } from 'node:net';

/** Listens on a port of 127.0.0.1 (0: a free one), or on a Unix socket. @returns the port; 0 for a socket */
export async function listen(server: Server, where: number | string): Promise<number> {
  if (typeof where === 'string') server.listen(where);
  else server.listen(where, '127.0.0.1');
  await once(server, 'listening');
  return typeof where === 'string' ? 0 : (server.address() as AddressInfo).port;
}
