import { debug } from '../../fleet/debug.ts';
import { type CommandHandler, withFleet } from '../command-context.ts';

/** `spot debug [MACHINE]`: says where each machine's archive is. */
export const run: CommandHandler = async (context, [machine]) => {
  const report = await withFleet(context, (fleet) => debug(fleet, machine));
  return {
    exitCode: 0,
    document: report,
    text: () =>
      report.archives.length === 0
        ? 'No machines to collect evidence from.\n'
        : report.archives.map(({ machine: id, path }) => `[${id}] ${path}\n`).join(''),
  };
};
