import { list } from '../../fleet/list.ts';
import { listText } from '../../ui/list-view.ts';
import { type CommandHandler, withFleet } from '../command-context.ts';

/** `spot list`. */
export const run: CommandHandler = async (context) => {
  const report = await withFleet(context, list);
  return { exitCode: 0, document: report, text: (look) => listText(report, look) };
};
