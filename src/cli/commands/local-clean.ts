import { cleanRehearsalCloud } from '../../rehearsal/rehearsal-cloud.ts';
import { count } from '../../ui/quantities.ts';
import type { CommandHandler } from '../command-context.ts';

/** `spot local clean`: no container, image or state of the rehearsal cloud is left. */
export const run: CommandHandler = async () => {
  const cleaned = await cleanRehearsalCloud({});
  const { containers, images } = cleaned;
  const text =
    containers + images === 0
      ? 'Nothing to clean.\n'
      : `Removed ${count(containers, 'container')} and ${count(images, 'image')}.\n`;
  return { exitCode: 0, document: { schema: 'spot-deployer/local-clean/v1', ...cleaned }, text: () => text };
};
