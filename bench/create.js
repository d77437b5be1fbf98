import { withScratchProject } from './scratch-project.js';
import { spot } from './spot.js';

/** What `create` adds to the machines' own boot, with a setup.sh that does nothing: for one machine, and for five. */
export async function measureCreate() {
  return [await measureFleet(1), await measureFleet(5)];
}

async function measureFleet(machines) {
  return withScratchProject(machines, async (folder) => {
    const start = performance.now();
    await spot(folder, ['create', '--local', '--yes']);
    const total = (performance.now() - start) / 1000;
    const boot = await secondsOfBoot(folder);
    return {
      name: `spot create, ${machines} machine${machines === 1 ? '' : 's'}`,
      measured: total - boot,
      limit: 3,
      unit: 's',
      detail: `${total.toFixed(2)} s, of which ${boot.toFixed(2)} s from boot to the end of cloud-init`,
    };
  });
}

/** Seconds from the first machine's start to the last machine's end of cloud-init. */
async function secondsOfBoot(folder) {
  const { machines } = JSON.parse(await spot(folder, ['list', '--local', '--json']));
  const boots = await Promise.all(machines.map(({ id }) => bootTimes(folder, id)));
  return Math.max(...boots.map(({ ended }) => ended)) - Math.min(...boots.map(({ started }) => started));
}

/**
 * When process 1 started and when cloud-init wrote its result, in seconds since 1970 by the machine's clock.
 * Field 22 of /proc/PID/stat is a start in hundredths of a second since the kernel's boot (proc(5)).
 */
async function bootTimes(folder, id) {
  const question =
    'date +%s.%N; cut -d" " -f1 /proc/uptime; cut -d" " -f22 /proc/1/stat; stat -c %.9Y /run/cloud-init/result.json';
  const answer = await spot(folder, ['ssh', '--local', id, '--', question]);
  const [now, uptime, startTicks, ended] = answer.trim().split('\n').map(Number);
  return { started: now - uptime + startTicks / 100, ended };
}
