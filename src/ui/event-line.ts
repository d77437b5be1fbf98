import type { FleetEvent } from '../fleet/events.ts';
import { machineLabel } from './machine-label.ts';
import type { Paint } from './paint.ts';
import { stepEnd } from './progress-model.ts';
import { count, duration } from './quantities.ts';
import { cleanLine, firstLine, visibleText } from './safe-text.ts';

/** One event as a line that stays, or undefined for those that are told in another way (uploads, output). */
export function eventLine(event: FleetEvent, paint: Paint): string | undefined {
  switch (event.type) {
    case 'stage':
      return visibleText(event.text);
    case 'notice':
      return visibleText(event.text);
    case 'warning': {
      const about = event.machine === undefined ? '' : `${machineLabel(event.machine)} `;
      return `${about}${paint.yellow('warning:')} ${visibleText(event.text)}`;
    }
    case 'launched': {
      const ids = event.machines.map(({ id }) => id).join(', ');
      const launched = `${event.region}: launched ${event.machines.length} of ${count(event.wanted, 'machine')}`;
      return ids === '' ? launched : `${launched} (${ids})`;
    }
    case 'machine': {
      const detail = event.detail === undefined ? '' : `: ${firstLine(event.detail)}`;
      return `${machineLabel(event.machine)} ${event.phase}${detail}`;
    }
    case 'step': {
      const time = event.seconds === undefined ? '' : ` (${duration(event.seconds * 1000)})`;
      return `${machineLabel(event.machine)} ${visibleText(event.title)}: ${visibleText(stepEnd(event))}${time}`;
    }
    case 'failure':
      return `${machineLabel(event.machine)} ${paint.red(event.error.code)}: ${firstLine(event.error.message)}`;
    case 'upload':
    case 'output':
      return undefined;
  }
}

/** A line that a step printed, under its machine's name. */
export function outputLine(event: Extract<FleetEvent, { type: 'output' }>, paint: Paint): string {
  return `${machineLabel(event.machine)} ${paint.dim(`${event.step} | ${cleanLine(event.line)}`)}`;
}
