import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll } from 'vitest';
import { Clients } from '../../src/cloud/clients.ts';
import type { CloudTarget } from '../../src/cloud/cloud-target.ts';
import { paperCloud } from '../rehearsal/open-cloud.ts';

/** What is changed on the way: a request's fields before it is sent, or the text of an answer. */
export interface Alteration {
  readonly ask?: (action: string, fields: URLSearchParams) => void;
  /** Undefined: the answer is lost, as when a connection breaks. */
  readonly answer?: (action: string, xml: string) => string | undefined;
}

/** The rehearsal cloud as our own clients reach it, which behaves for a moment as it never does by itself. */
export function alteredCloud() {
  const cloud = paperCloud();
  let server: Server;
  let alteration: Alteration = {};
  const calls: string[] = [];
  const opened: Clients[] = [];
  beforeAll(async () => {
    server = createServer(async (incoming, outgoing) => {
      const fields = new URLSearchParams(await text(incoming));
      const action = fields.get('Action') ?? '';
      calls.push(action);
      alteration.ask?.(action, fields);
      const answer = await fetch(cloud.endpoint(), {
        method: 'POST',
        body: fields.toString(),
        headers: { authorization: incoming.headers.authorization ?? '' },
      });
      const xml = await answer.text();
      const altered = alteration.answer === undefined ? xml : alteration.answer(action, xml);
      if (altered === undefined) incoming.socket.destroy();
      else outgoing.writeHead(answer.status, { 'content-type': 'text/xml' }).end(altered);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => {
    for (const clients of opened) clients.close();
    server.closeAllConnections();
    server.close();
  });
  return {
    ...cloud,
    clients: (name: CloudTarget['name'] = 'local') => {
      const { port } = server.address() as AddressInfo;
      const clients = new Clients({
        name,
        endpoint: `http://127.0.0.1:${port}`,
        credentials: cloud.credentials(),
      });
      opened.push(clients);
      return clients;
    },
    /** The actions that `work` called, in their order, with the cloud altered meanwhile. */
    calling: async (work: () => Promise<unknown>, change: Alteration = {}): Promise<readonly string[]> => {
      calls.length = 0;
      alteration = change;
      try {
        await work();
      } finally {
        alteration = {};
      }
      return [...calls];
    },
  };
}

/** Answers a listing in pages of five, the fewest that EC2 can be asked for. */
export const shortPages: Alteration = {
  ask: (action, fields) => {
    if (action.startsWith('Describe')) fields.set('MaxResults', '5');
  },
};
