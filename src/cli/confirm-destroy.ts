import { SpotError } from '../errors/spot-error.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { list } from '../fleet/list.ts';
import { count } from '../ui/quantities.ts';
import { visibleText } from '../ui/safe-text.ts';
import type { CommandContext } from './command-context.ts';

/**
 * Asks whether to go on with `destroy`. A rehearsal costs nothing and is never asked about.
 * @throws SPOT-E-USAGE where nobody can answer (stdin is no terminal) and --yes is not given
 * @throws SPOT-E-INTERRUPTED when the answer is no
 */
export async function confirmDestroy(
  context: Pick<CommandContext, 'options' | 'io' | 'signal' | 'pauseProgress'>,
  fleet: Fleet,
  machines: readonly string[],
  all: boolean,
): Promise<void> {
  const { options, io, signal } = context;
  if (options.yes || fleet.settings.cloud === 'local') return;
  if (io.ask === undefined) {
    throw new SpotError('SPOT-E-USAGE', {
      message: '`spot destroy` asks before it terminates machines, and nobody can answer here.',
      hint: 'Add --yes.',
    });
  }
  const question = await questionFor(fleet, machines, all);
  context.pauseProgress();
  if (await io.ask(question, signal)) return;
  throw new SpotError('SPOT-E-INTERRUPTED', {
    message: 'Nothing was destroyed.',
    hint: 'Run `spot destroy` again when you are sure.',
  });
}

async function questionFor(fleet: Fleet, machines: readonly string[], all: boolean): Promise<string> {
  if (all) return 'Destroy every deployment of yours, in every region?';
  if (machines.length > 0) return `Destroy ${machines.map(visibleText).join(', ')} of ${fleet.name}?`;
  const report = await list(fleet);
  return `Destroy ${fleet.name}, ${count(report.machines.length, 'machine')}, and everything made for it?`;
}
