import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import spawn, { SubprocessError } from 'nano-spawn';
import { SpotError } from '../../errors/spot-error.ts';
import { DockerFailure, docker, dockerError, dockerFailure } from './docker-command.ts';
import { debianBase, machineImage, packages, recipeFiles, ubuntuBase } from './machine-recipe.ts';

const pullTimeoutMs = 120_000;
/** Its packages come over the network. */
const buildTimeoutMs = 900_000;

/** Makes the machine image unless the engine has it. Errors: SPOT-E-IMAGE-BUILD, SPOT-E-DISK-FULL, those of Docker. */
export async function makeMachineImage(onProgress: (text: string) => void): Promise<void> {
  if (await hasImage(machineImage)) return;
  onProgress('making the machine image (once, about half a minute)');
  const fromRegistry = await attempt(async () => {
    if (!(await hasImage(ubuntuBase)))
      await docker(['pull', '--quiet', ubuntuBase], { timeoutMs: pullTimeoutMs });
    await build(ubuntuBase);
  });
  if (fromRegistry === undefined) return;
  const fromMirror = await attempt(async () => {
    if (!(await hasImage(debianBase))) await importDebian();
    await build(debianBase);
  });
  if (fromMirror === undefined) return;
  throw new SpotError('SPOT-E-IMAGE-BUILD', {
    message: `Neither ${ubuntuBase} from a registry nor a Debian made by mmdebstrap could become the machine image.`,
    evidence: [`${ubuntuBase}: ${lastLine(fromRegistry)}`, `mmdebstrap: ${lastLine(fromMirror)}`],
    cause: fromMirror,
  });
}

async function hasImage(name: string): Promise<boolean> {
  try {
    await docker(['image', 'inspect', '--format', '{{.Id}}', name]);
    return true;
  } catch (failure) {
    if (failure instanceof DockerFailure && failure.trouble === 'no-such-image') return false;
    throw dockerError(failure, 'look for the machine image');
  }
}

/** The failure of one way to make the image; troubles that every way would meet are thrown at once. */
async function attempt(way: () => Promise<void>): Promise<unknown> {
  try {
    await way();
    return undefined;
  } catch (failure) {
    if (failure instanceof SpotError) throw failure;
    if (
      failure instanceof DockerFailure &&
      failure.trouble !== 'other' &&
      failure.trouble !== 'no-such-image'
    ) {
      throw dockerError(failure, 'make the machine image');
    }
    return failure;
  }
}

/** Puts the recipe on a base. The context goes through a folder, which every builder of Docker understands. */
function build(base: string): Promise<void> {
  return withTemporaryFolder(async (context) => {
    for (const [name, text] of Object.entries(recipeFiles)) await writeFile(join(context, name), text);
    const settings = ['--build-arg', `BASE=${base}`, '--build-arg', `PACKAGES=${packages.join(' ')}`];
    await docker(['build', '--quiet', '--force-rm', ...settings, '--tag', machineImage, context], {
      timeoutMs: buildTimeoutMs,
    });
  });
}

/**
 * A Debian root file system, put together by mmdebstrap from a mirror. It gets a process group of its own,
 * because on a failure it sends SIGHUP to its whole group, and that would be us.
 */
function importDebian(): Promise<void> {
  return withTemporaryFolder(async (folder) => {
    const tar = join(folder, 'root.tar');
    const mode = process.getuid?.() === 0 ? 'root' : 'unshare';
    const options = [`--mode=${mode}`, '--variant=minbase', `--include=${packages.join(',')}`];
    await spawn('mmdebstrap', [...options, 'bookworm', tar], { detached: true }).catch((error) => {
      throw dockerFailure(error);
    });
    await docker(['import', tar, debianBase]);
  });
}

async function withTemporaryFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'spot-machine-image-'));
  try {
    await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function lastLine(failure: unknown): string {
  const text = failure instanceof DockerFailure ? failure.stderr.trim() : '';
  const cause = failure instanceof Error ? failure.cause : undefined;
  if (text === '' && cause instanceof SubprocessError) return cause.message;
  return text.split('\n').at(-1) ?? String(failure);
}
