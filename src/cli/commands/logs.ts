import { logs } from '../../fleet/logs.ts';
import { type CommandHandler, withFleet } from '../command-context.ts';
import { splitLines } from '../split-lines.ts';

/** `spot logs MACHINE`: bytes as the machine wrote them, or with --json as lines. */
export const run: CommandHandler = async (context, [machine = ''], { follow = false, step }) => {
  const options = { follow, ...(step === undefined ? {} : { step }) };
  const stream = async (write: (chunk: Buffer) => void): Promise<{ exitCode: number }> => {
    try {
      await withFleet(context, (fleet) => logs(fleet, machine, options, write));
      return { exitCode: 0 };
    } catch (error) {
      // Ctrl-C is how a person ends --follow: there is nothing to explain.
      if (follow && context.signal.aborted) return { exitCode: 130 };
      throw error;
    }
  };
  if (!context.options.json) return stream(context.write);
  const lines: string[] = [];
  const splitter = splitLines((line) => {
    if (!follow) lines.push(line);
    else context.write(`${JSON.stringify({ schema: 'spot-deployer/log-line/v1', machine, line })}\n`);
  });
  const outcome = await stream(splitter.write);
  splitter.end();
  return follow ? outcome : { ...outcome, document: { schema: 'spot-deployer/logs/v1', machine, lines } };
};
