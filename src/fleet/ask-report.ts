import type { CloudMachine } from '../cloud/machines.ts';
import { reportCommand } from '../machine/commands.ts';
import { type MachineReport, parseReport } from '../machine/report.ts';
import { accessKey } from './access-key.ts';
import type { Fleet } from './fleet.ts';
import { MachineAccess } from './machine-access.ts';
import type { Survey } from './survey.ts';

/** A machine that does not answer in this time is shown with what the cloud knows of it. */
const patienceOfList = 5_000;

/** What the machine says about itself, or undefined when it has no runner yet. */
export async function askReport(
  access: MachineAccess,
  patienceMilliseconds = 60_000,
): Promise<MachineReport | undefined> {
  const { stdout } = await access.exec(reportCommand(), patienceMilliseconds);
  return parseReport(stdout.toString());
}

/** The same for a list, which shows a machine that cannot be asked all the same: not ours, not up, not answering. */
export async function reportIfReachable(
  fleet: Fleet,
  survey: Survey,
  machine: CloudMachine,
): Promise<MachineReport | undefined> {
  const record = fleet.state.machine(machine.id);
  if (record === undefined || machine.state !== 'running' || record.phase === 'launched') return undefined;
  const access = new MachineAccess(fleet, survey, machine, (await accessKey(fleet)).privateKey);
  try {
    return await askReport(access, patienceOfList);
  } catch {
    return undefined;
  } finally {
    access.close();
  }
}
