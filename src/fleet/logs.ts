import { SpotError } from '../errors/spot-error.ts';
import { logCommand } from '../machine/commands.ts';
import { ConnectionLost } from '../transport/ssh-connection.ts';
import type { Fleet } from './fleet.ts';
import { LineRedaction } from './line-redaction.ts';
import { labelOf } from './machine-name.ts';
import { machineSecrets } from './machine-secrets.ts';
import { openMachines } from './open-machines.ts';
import { projectSecrets } from './project-secrets.ts';
import { redactorOf } from './redaction.ts';
import { untilConnected } from './until-connected.ts';

const patienceMilliseconds = 15_000;
const wholeLog = 'deploy';

/**
 * Writes a log of one machine, the project's secrets and those on the machine redacted.
 * @param options.step a step's id, or undefined for the whole deployment
 * @throws SPOT-E-MACHINE-UNKNOWN, SPOT-E-USAGE for a step that there is not
 */
export async function logs(
  fleet: Fleet,
  machine: string,
  options: { follow: boolean; step?: string },
  write: (chunk: Buffer) => void,
): Promise<void> {
  const step = options.step ?? wholeLog;
  const secrets = await projectSecrets(fleet);
  await openMachines(fleet, [machine], async (access) => {
    const there = await untilConnected(() => machineSecrets(access, patienceMilliseconds));
    const lines = new LineRedaction(redactorOf([...secrets, ...there]), write);
    const onStdout = (chunk: Buffer) => lines.push(chunk);
    try {
      const { code, stderr } = await access.exec(logCommand(step, options.follow), patienceMilliseconds, {
        onStdout,
      });
      if (code !== 0) throw noSuchLog(step, labelOf(access.machine), stderr);
    } catch (error) {
      if (!(error instanceof ConnectionLost)) throw error;
      throw new SpotError('SPOT-E-MACHINE-UNREACHABLE', {
        message: 'The connection ended.',
        where: labelOf(access.machine),
        cause: error,
      });
    } finally {
      lines.end();
    }
  });
}

function noSuchLog(step: string, where: string, stderr: string): SpotError {
  return new SpotError('SPOT-E-USAGE', {
    message: `There is no log of ${step}.`,
    where,
    hint: 'Leave --step out for the whole log; `spot plan` names the steps.',
    evidence: stderr.trim() === '' ? [] : stderr.trim().split('\n'),
  });
}
