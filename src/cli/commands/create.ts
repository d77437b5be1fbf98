import { create } from '../../fleet/create.ts';
import { createText } from '../../ui/create-view.ts';
import { failuresText } from '../../ui/failures-view.ts';
import { type CommandHandler, withFleet } from '../command-context.ts';
import { run as plan } from './plan.ts';

/** `spot create`; with --dry-run it is `spot plan`. */
export const run: CommandHandler = async (context, args, flags) => {
  if (flags.dryRun === true) return plan(context, args, flags);
  const detach = flags.detach === true;
  const result = await withFleet(context, (fleet) =>
    create(fleet, {
      ...(flags.count === undefined ? {} : { count: flags.count }),
      detach,
      keepFailed: flags.keepFailed === true,
    }),
  );
  return {
    exitCode: result.exitCode,
    document: result,
    text: (look) => createText(result, detach, look),
    problems: (look) => failuresText(result.failures, look, context.options.verbose),
  };
};
