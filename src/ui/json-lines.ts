import type { FleetEvent } from '../fleet/events.ts';
import type { EventView } from './event-view.ts';
import type { OutputStream } from './terminal.ts';

/**
 * Every event as one line of JSON: `{"schema":"spot-deployer/event/v1","at":"…","event":"step",…}`. Uploads are
 * told once a percent, so that a large file does not fill a log.
 */
export function jsonLines(stream: OutputStream, now: () => number): EventView {
  const percents = new Map<string, number>();
  let ended = false;

  const isNews = (event: FleetEvent): boolean => {
    if (event.type !== 'upload') return true;
    const percent = event.total === 0 ? 100 : Math.floor((100 * event.sent) / event.total);
    if (percents.get(event.machine.id) === percent) return false;
    percents.set(event.machine.id, percent);
    return true;
  };

  return {
    emit(event) {
      if (ended || !isNews(event)) return;
      const { type, ...data } = event;
      const at = new Date(now()).toISOString();
      stream.write(`${JSON.stringify({ schema: 'spot-deployer/event/v1', at, event: type, ...data })}\n`);
    },
    pause: () => undefined,
    end() {
      ended = true;
    },
  };
}
