import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What happens to the answer of one API call: it arrives, or the line is cut after the call took effect. */
export type Fate = 'answer' | 'lose';

/** An HTTP proxy in front of an EC2 endpoint that loses the answers it is told to lose, and remembers the calls. */
export class LossyProxy {
  /** Names of the actions that came through, in order. */
  readonly actions: string[] = [];
  fate: (action: string, nth: number) => Fate = () => 'answer';
  readonly #server: Server;

  private constructor(target: string) {
    this.#server = createServer((incoming, outgoing) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('end', () => {
        const body = Buffer.concat(chunks);
        const action = new URLSearchParams(body.toString()).get('Action') ?? 'unknown';
        this.actions.push(action);
        const nth = this.actions.filter((each) => each === action).length;
        const forward = request(
          `${target}${incoming.url}`,
          { method: incoming.method, headers: incoming.headers },
          (answer) => {
            if (this.fate(action, nth) === 'lose') {
              answer.resume().on('end', () => outgoing.destroy());
              return;
            }
            outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
            answer.pipe(outgoing);
          },
        );
        forward.end(body);
      });
    });
  }

  static async open(target: string): Promise<LossyProxy> {
    const proxy = new LossyProxy(target);
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}
