import { logs } from '../../fleet/logs.ts';
import { type CommandHandler, withFleet } from '../command-context.ts';
import { splitLines } from '../split-lines.ts';

/** `spot logs MACHINE`: bytes as the machine wrote them, or with --json as lines. */
export const run: CommandHandler = async (context, [machine = ''], { follow = false, step }) => {
  const options = { follow, ...(step === undefined ? {} : { step }) };
  const stream = (write: (chunk: Buffer) => void) =>
    withFleet(context, (fleet) => logs(fleet, machine, options, write));

  if (!context.options.json) {
    await stream(context.write);
    return { exitCode: 0 };
  }
  const lines: string[] = [];
  const splitter = splitLines((line) => {
    if (!follow) lines.push(line);
    else context.write(`${JSON.stringify({ schema: 'spot-deployer/log-line/v1', machine, line })}\n`);
  });
  await stream(splitter.write);
  splitter.end();
  return follow
    ? { exitCode: 0 }
    : { exitCode: 0, document: { schema: 'spot-deployer/logs/v1', machine, lines } };
};
