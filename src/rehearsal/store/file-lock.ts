import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive, ownIdentity, type ProcessIdentity } from '../../state/process-identity.ts';

interface Holder extends ProcessIdentity {
  /** Tells two holders of one process apart. */
  readonly ticket: string;
}

let tickets = 0;

/**
 * Runs `work` while no other process or call holds the lock file. A lock whose holder has died is taken over.
 * The file comes into being complete (by a hard link), so that its holder can always be read from it.
 */
export async function withFileLock<Result>(path: string, work: () => Promise<Result>): Promise<Result> {
  const identity = ownIdentity();
  const holder: Holder = { ...identity, ticket: `${identity.pid}-${tickets++}` };
  const ticketFile = `${path}.${holder.ticket}`;
  try {
    await writeFile(ticketFile, JSON.stringify(holder));
    for (let attempt = 0; !(await tryLink(ticketFile, path)); attempt++) {
      await removeStale(path, ticketFile);
      await sleep(Math.min(2 + attempt * 2, 50));
    }
  } catch (error) {
    await rm(ticketFile, { force: true });
    throw error;
  }
  try {
    return await work();
  } finally {
    await rm(path, { force: true });
    await rm(ticketFile, { force: true });
  }
}

/**
 * Removes the lock if its holder died. Two that find the same dead holder could otherwise remove each other's
 * new lock, so only the one who links the takeover file may, and looks again once it has.
 */
async function removeStale(path: string, ticketFile: string): Promise<void> {
  if (!(await isStale(path))) return;
  const takeover = `${path}.takeover`;
  if (!(await tryLink(ticketFile, takeover))) {
    if (await isStale(takeover)) await rm(takeover, { force: true });
    return;
  }
  try {
    if (await isStale(path)) {
      const dead = await readHolder(path);
      await rm(path, { force: true });
      if (dead !== undefined) await rm(`${path}.${dead.ticket}`, { force: true });
    }
  } finally {
    await rm(takeover, { force: true });
  }
}

async function tryLink(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function isStale(path: string): Promise<boolean> {
  const holder = await readHolder(path);
  return holder !== undefined && !isAlive(holder);
}

async function readHolder(path: string): Promise<Holder | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Holder;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
