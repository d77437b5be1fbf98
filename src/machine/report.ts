import { z } from 'zod';

const reportSchema = z.object({
  /** Id of the active release; null before the first activation. */
  release: z.string().nullable(),
  phase: z.enum(['activating', 'rebooting', 'ready', 'failed', 'unknown']),
  /** The step that runs, or the one that failed. */
  step: z.string().nullable(),
  /** Since when the phase holds, ISO 8601 in UTC. */
  since: z.string().nullable(),
  /** As it is now, not as it was at activation: units of adopted scripts, ports, failed units. */
  health: z.enum(['ok', 'failing', 'unknown']),
  /** Why the health is failing, one sentence each. */
  problems: z.array(z.string()),
  boot: z.string(),
  /** Seconds since the machine booted. */
  uptime: z.number(),
});

/** What `runner report` says about a machine in one line. */
export type MachineReport = Readonly<z.infer<typeof reportSchema>>;

/** The report in the text that `runner report` printed, or undefined when that is no report. */
export function parseReport(text: string): MachineReport | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const parsed = reportSchema.safeParse(value);
  return parsed.success ? parsed.data : undefined;
}
