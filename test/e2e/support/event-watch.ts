import type { RunningSpot } from './spot-process.ts';

/** A line of `spot create --json`: the event's own fields beside its name, or the result at the end. */
export type JsonEvent = Readonly<Record<string, unknown>> & { readonly event?: string };

export interface EventWatch {
  /** Every event so far, in order. */
  readonly events: readonly JsonEvent[];
  /** Waits for the next event (from now on) that the test is waiting for; fails when the command ends without it. */
  next(matches: (event: JsonEvent) => boolean): Promise<JsonEvent>;
  /** Waits for the end of the command; its last line is its result. */
  result<Document>(): Promise<Document>;
}

/** Follows the events that a command prints with `--json`, as they come. */
export function watchEvents(running: RunningSpot): EventWatch {
  const { process: child } = running;
  const events: JsonEvent[] = [];
  const waiting = new Set<(event: JsonEvent | undefined) => void>();
  let rest = '';
  child.stdout?.on('data', (chunk) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const event = JSON.parse(line) as JsonEvent;
      events.push(event);
      for (const tell of waiting) tell(event);
    }
  });
  child.on('close', () => {
    for (const tell of waiting) tell(undefined);
  });
  return {
    events,
    result: async <Document>() => {
      await running;
      return events.at(-1) as Document;
    },
    next: (matches) =>
      new Promise((resolve, reject) => {
        const tell = (event: JsonEvent | undefined) => {
          if (event !== undefined && !matches(event)) return;
          waiting.delete(tell);
          if (event === undefined)
            reject(new Error(`It ended first; its last event: ${JSON.stringify(events.at(-1))}`));
          else resolve(event);
        };
        waiting.add(tell);
      }),
  };
}
