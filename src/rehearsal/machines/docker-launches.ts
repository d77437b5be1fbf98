import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import spawn from 'nano-spawn';
import { SpotError } from '../../errors/spot-error.ts';
import { containerName } from './docker-run.ts';

/** How a `docker run` of ours begins; see docker-run.ts. */
const launchPattern = /\brun --detach --name (\S+) /;

/**
 * Names of the containers that a `docker run` is at work for, whoever started it. It outlives a command that is
 * killed, and its container may turn up long after: the process list is all that knows of it.
 */
export async function containersBeingMade(): Promise<ReadonlySet<string>> {
  const lines = (await commandLinesFromProc()) ?? (await commandLinesFromPs());
  return new Set(lines.flatMap((line) => launchPattern.exec(line)?.[1] ?? []));
}

/** Longer than a `docker run` is given; see docker-command.ts. */
const patienceMs = 330_000;

/**
 * Waits until nothing is making these machines any more: what is removed before would come into being after.
 * Errors: SPOT-E-DOCKER-FAILED with those that are still being made when the time is over.
 */
export async function launchesEnded(ids: readonly string[], timeoutMs = patienceMs): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  const names = ids.map(containerName);
  for (;;) {
    const atWork = await containersBeingMade();
    const unfinished = names.filter((name) => atWork.has(name));
    if (unfinished.length === 0) return;
    if (Date.now() >= deadline) {
      throw new SpotError('SPOT-E-DOCKER-FAILED', {
        message: `Docker is still making ${unfinished.join(', ')}, which cannot be removed before that has ended.`,
      });
    }
    await sleep(50);
  }
}

/** Undefined where there is no /proc. Read directly, as small systems have no `ps`. */
async function commandLinesFromProc(): Promise<readonly string[] | undefined> {
  const folders = await readdir('/proc').catch(() => undefined);
  const pids = folders?.filter((name) => /^\d+$/.test(name));
  if (pids === undefined || pids.length === 0) return undefined;
  // A process may have ended meanwhile.
  const lines = pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => ''));
  return (await Promise.all(lines)).map((line) => line.replaceAll('\0', ' '));
}

async function commandLinesFromPs(): Promise<readonly string[]> {
  const { stdout } = await spawn('ps', ['-A', '-ww', '-o', 'args=']);
  return stdout.split('\n');
}
