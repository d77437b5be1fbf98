import { createReadStream } from 'node:fs';
import { Transform } from 'node:stream';
import { activateCommand } from '../machine/commands.ts';
import { readFollowFrom } from '../machine/follow.ts';
import { layout } from '../machine/layout.ts';
import { installCommand, partialFolder, receiveCommand, receivedCommand } from '../machine/receive.ts';
import { packOverlay } from '../release/overlay.ts';
import { askReport } from './ask-report.ts';
import type { Emit } from './events.ts';
import type { MachineAccess } from './machine-access.ts';
import { nameOf } from './machine-name.ts';
import { type Parcel, placedFiles } from './parcel.ts';

const patienceMilliseconds = 60_000;
const chunkBytes = 256 * 1024;

/**
 * Brings a release to a machine and hands over to the runner there. Repeating it after a cut connection goes on
 * with the first byte that the machine does not have.
 * @returns the journal line (from 1) with which the runner's attempt at this release begins
 * @throws ConnectionLost, SPOT-E-DELIVERY
 */
export async function deliver(
  access: MachineAccess,
  parcel: Parcel,
  index: number,
  emit: Emit,
): Promise<number> {
  const { id } = parcel.release;
  const received = (await access.execOrFail(receivedCommand(id), patienceMilliseconds)).toString().trim();
  const complete = received === 'complete';
  if (complete && (await isUnderWay(access, id))) {
    return readFollowFrom((await access.execOrFail(activateCommand(id), patienceMilliseconds)).toString());
  }
  if (!complete) await sendBundle(access, parcel, Math.min(Number(received), parcel.bundle.size), emit);
  const folder = complete ? `${layout.releases}/${id}` : partialFolder(id);
  const overlay = await packOverlay(placedFiles(parcel, access.machine, index, folder));
  const activated = await access.execOrFail(installCommand(id), patienceMilliseconds, { stdin: overlay });
  return readFollowFrom(activated.toString());
}

/** Whether the steps of this release are at work: what they have changed in it by now must not be sent over. */
async function isUnderWay(access: MachineAccess, release: string): Promise<boolean> {
  const report = await askReport(access, patienceMilliseconds);
  return report?.release === release && (report.phase === 'activating' || report.phase === 'rebooting');
}

async function sendBundle(access: MachineAccess, parcel: Parcel, offset: number, emit: Emit): Promise<void> {
  const { path, size } = parcel.bundle;
  let sent = offset;
  const report = () => emit({ type: 'upload', machine: nameOf(access.machine), sent, total: size });
  report();
  const counted = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      sent += chunk.length;
      report();
      done(undefined, chunk);
    },
  });
  const file = createReadStream(path, { start: offset, highWaterMark: chunkBytes });
  file.on('error', (error) => counted.destroy(error));
  counted.on('close', () => file.destroy());
  await access.execOrFail(receiveCommand(parcel.release.id, offset, size), patienceMilliseconds, {
    stdin: file.pipe(counted),
  });
}
