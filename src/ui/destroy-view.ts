import { SpotError } from '../errors/spot-error.ts';
import type { DestroyResult } from '../fleet/destroy.ts';
import { errorText } from './error-view.ts';
import { count } from './quantities.ts';
import type { Look } from './terminal.ts';

/** The end of `spot destroy`: what is gone, or that nothing was there. */
export function destroyText(result: DestroyResult, { paint }: Look): string {
  const { deployments, terminated, removed, remains, kept } = result;
  const names = deployments.join(', ') || 'No deployment';
  if (terminated.length === 0 && removed.length === 0 && remains.length === 0) {
    return `${names}: nothing to destroy.\n`;
  }
  const parts = [`${count(terminated.length, 'machine')} terminated`];
  if (kept === undefined) parts.push(`${count(removed.length, 'resource')} removed`);
  const end =
    kept !== undefined
      ? `; ${count(kept.length, 'machine')} left`
      : remains.length === 0
        ? '; nothing is left'
        : '';
  const lines = [
    `${remains.length === 0 ? paint.green('✓') : paint.red('✗')} ${paint.bold(names)}: ${parts.join(', ')}${end}`,
    ...terminated.map((id) => `  ${paint.dim('terminated')}  ${id}`),
    ...removed.map((what) => `  ${paint.dim('removed')}     ${what}`),
  ];
  return `${lines.join('\n')}\n`;
}

/** What could not be removed, each by its name; empty when nothing is left. */
export function remainsText({ remains }: DestroyResult, look: Look): string {
  if (remains.length === 0) return '';
  const message = `${count(remains.length, 'resource')} could not be removed.`;
  return errorText(new SpotError('SPOT-E-DESTROY-REMAINS', { message, evidence: remains }), look);
}
