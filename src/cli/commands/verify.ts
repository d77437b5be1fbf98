import { verify } from '../../fleet/verify.ts';
import { tapText } from '../../ui/tap.ts';
import { verifyText } from '../../ui/verify-view.ts';
import { type CommandHandler, withFleet } from '../command-context.ts';

/** `spot verify [MACHINE]`. */
export const run: CommandHandler = async (context, [machine], { tap }) => {
  const report = await withFleet(context, (fleet) => verify(fleet, machine));
  return {
    exitCode: report.ok ? 0 : 1,
    document: report,
    text: (look) => (tap === true ? tapText(report) : verifyText(report, look)),
  };
};
