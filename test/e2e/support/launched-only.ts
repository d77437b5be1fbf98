import { watchEvents } from './event-watch.ts';
import type { Rehearsal } from './rehearsal.ts';

/**
 * Launches one machine and kills the command at once, so that the machine boots with nobody having connected to it.
 * @returns its id
 */
export async function launchOnly(rehearsal: Rehearsal): Promise<string> {
  const create = rehearsal.spot('create', '--count', '1', '--json');
  const launched = await watchEvents(create).next(({ event }) => event === 'launched');
  create.process.kill('SIGKILL');
  await create;
  const [machine] = launched.machines as readonly { readonly id: string }[];
  if (machine === undefined) throw new Error(`Nothing was launched: ${JSON.stringify(launched)}`);
  return machine.id;
}
