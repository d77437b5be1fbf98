#!/usr/bin/env node
import module from 'node:module';
import { leave, processIo } from './process-io.ts';

// From January 2027 the AWS SDK warns on Node 20; the bundle carries a release that still runs on it.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
// Node 22 keeps compiled code between runs when asked to; Node 20 has no such function, nor its types.
(module as { enableCompileCache?: () => void }).enableCompileCache?.();

const io = processIo();
const crash = async (thrown: unknown) => {
  const { reportDefect } = await import('./report-defect.ts');
  process.exit(reportDefect(thrown, process.argv, io));
};
process.on('uncaughtException', crash);
// A command ends in process.exit. To come here it must wait for something that can't happen any more.
process.once('beforeExit', () => crash(new Error('The command came to a standstill.')));
const { main } = await import('./main.ts');
await leave(await main(process.argv.slice(2), io));
