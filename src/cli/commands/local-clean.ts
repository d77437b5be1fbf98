import { cleanRehearsalCloud } from '../../rehearsal/rehearsal-cloud.ts';
import type { CommandHandler } from '../command-context.ts';

/** `spot local clean`: no container, network or state of any rehearsal is left. */
export const run: CommandHandler = async () => {
  const counts = await cleanRehearsalCloud({});
  const removed = Object.entries(counts).filter(([, number]) => number !== 0);
  const text =
    removed.length === 0
      ? 'Nothing to clean.\n'
      : `Removed: ${removed.map(([what, number]) => `${what} ${number}`).join(', ')}.\n`;
  return { exitCode: 0, document: { schema: 'spot-deployer/local-clean/v1', ...counts }, text: () => text };
};
