import { debug } from '../../fleet/debug.ts';
import { failuresText } from '../../ui/failures-view.ts';
import { type CommandHandler, withFleet } from '../command-context.ts';

/** `spot debug [MACHINE]`: says where each machine's archive is. */
export const run: CommandHandler = async (context, [machine]) => {
  const report = await withFleet(context, (fleet) => debug(fleet, machine));
  const nothing = report.archives.length === 0 && report.failures.length === 0;
  return {
    exitCode: report.exitCode,
    document: report,
    text: () =>
      nothing
        ? 'No machines to collect evidence from.\n'
        : report.archives.map(({ machine: id, path }) => `[${id}] ${path}\n`).join(''),
    problems: (look) => failuresText(report.failures, look, context.options.verbose),
  };
};
