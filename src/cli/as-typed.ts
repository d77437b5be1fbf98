import { quoteShell } from '../machine/shell.ts';
import type { GlobalOptions } from './open-fleet.ts';

/**
 * Texts name commands as `spot destroy`, in backticks. What a person pastes must mean the deployment that they are
 * looking at, so the options that choose it are put in: `spot destroy --local`.
 */
export function asTyped(text: string, options: Pick<GlobalOptions, 'local' | 'project' | 'config'>): string {
  const chosen = [
    ...(options.local ? ['--local'] : []),
    ...(options.project === undefined ? [] : ['--project', quoteShell(options.project)]),
    ...(options.config === undefined ? [] : ['--config', quoteShell(options.config)]),
  ];
  if (chosen.length === 0) return text;
  // What follows a `--` is for the machine.
  return text.replaceAll(
    /`spot (?!local |--)([a-z].*?)( -- .*?)?`/g,
    (_, command, remote = '') => `\`spot ${[command, ...chosen].join(' ')}${remote}\``,
  );
}
