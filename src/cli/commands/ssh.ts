import { constants } from 'node:os';
import spawn, { SubprocessError } from 'nano-spawn';
import { SpotError } from '../../errors/spot-error.ts';
import { sshInvocation } from '../../fleet/ssh.ts';
import { type CommandHandler, withFleet } from '../command-context.ts';

/** `spot ssh MACHINE [-- command…]`: the system's ssh takes over the terminal; its exit code is ours. */
export const run: CommandHandler = async (context, [machine = '', ...command]) => {
  const invocation = await withFleet(context, (fleet) => sshInvocation(fleet, machine, command));
  if (context.options.json) {
    return { exitCode: 0, document: { schema: 'spot-deployer/ssh/v1', ...invocation } };
  }
  context.endProgress();
  return { exitCode: await runAttached(invocation, context.signal) };
};

async function runAttached(
  { program, args }: { program: string; args: readonly string[] },
  signal: AbortSignal,
): Promise<number> {
  try {
    await spawn(program, [...args], { stdio: 'inherit', signal });
    return 0;
  } catch (error) {
    if (!(error instanceof SubprocessError)) throw error;
    if (error.exitCode !== undefined) return error.exitCode;
    if (error.signalName !== undefined)
      return 128 + (constants.signals[error.signalName as NodeJS.Signals] ?? 0);
    throw new SpotError('SPOT-E-SSH-NONE', {
      message: `\`${program}\` cannot be started.`,
      cause: error.cause,
    });
  }
}
