import { destroy } from '../../fleet/destroy.ts';
import { destroyText, remainsText } from '../../ui/destroy-view.ts';
import { type CommandHandler, withFleet } from '../command-context.ts';
import { confirmDestroy } from '../confirm-destroy.ts';

/** `spot destroy [MACHINE…]`: asks before it ends machines that cost money to get back. */
export const run: CommandHandler = (context, machines, { all = false }) =>
  withFleet(context, async (fleet) => {
    await confirmDestroy(context, fleet, machines, all);
    const result = await destroy(fleet, { machines, all });
    return {
      exitCode: result.exitCode,
      document: result,
      text: (look) => destroyText(result, look),
      problems: (look) => remainsText(result, look),
    };
  });
