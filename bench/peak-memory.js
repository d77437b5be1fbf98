// Preloaded (`node --import`) into a command whose memory is measured: when it ends, writes its peak resident
// kilobytes to the file named by SPOT_BENCH_PEAK_FILE.
import { readFileSync, writeFileSync } from 'node:fs';

process.on('exit', () => writeFileSync(process.env.SPOT_BENCH_PEAK_FILE, String(peakKilobytes())));

/** Linux keeps VmHWM for this program alone; its ru_maxrss also knows the process that started it. */
function peakKilobytes() {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS;
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))[1]);
}
