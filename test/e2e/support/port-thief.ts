import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { delimiter, join } from 'node:path';
import { listen } from './listen.ts';

/**
 * Stands before `docker` in PATH. When the first machine is to be started it takes the port that this machine was
 * to be published on, and then hands over to the real command: what another program can do at that very moment.
 */
export class PortThief {
  readonly #prey = createServer();
  readonly #ear: Server;
  #stolen: number | undefined;

  constructor() {
    this.#ear = createServer((connection) => {
      connection.once('data', async (port) => {
        this.#stolen = await listen(this.#prey, Number(port.toString()));
        connection.end('taken\n');
      });
    });
  }

  /** The port that was taken; undefined while none was. */
  get stolen(): number | undefined {
    return this.#stolen;
  }

  /** @returns the PATH to run with; what the thief needs is put into `folder` */
  async wait(folder: string, path: string): Promise<string> {
    const port = await listen(this.#ear, 0);
    mkdirSync(folder);
    const script = `#!/bin/bash
PATH=\${PATH#*:}
if [ "$1" = run ] && mkdir '${folder}/once' 2>/dev/null; then
  for word in "$@"; do
    [[ $word =~ ^127\\.0\\.0\\.1:([0-9]+): ]] && break
  done
  exec 3<>/dev/tcp/127.0.0.1/${port}
  echo "\${BASH_REMATCH[1]}" >&3
  read -r -u 3
fi
exec docker "$@"
`;
    writeFileSync(join(folder, 'docker'), script, { mode: 0o755 });
    return `${folder}${delimiter}${path}`;
  }

  close(): void {
    this.#ear.close();
    this.#prey.close();
  }
}
