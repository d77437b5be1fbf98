import { plan } from '../../fleet/plan.ts';
import { planText } from '../../ui/plan-view.ts';
import { type CommandHandler, withFleet } from '../command-context.ts';

/** `spot plan`. */
export const run: CommandHandler = async (context, _args, { count }) => {
  const report = await withFleet(context, (fleet) => plan(fleet, count === undefined ? {} : { count }));
  return { exitCode: 0, document: report, text: (look) => planText(report, look) };
};
