import type { VerifyReport } from '../fleet/report.ts';
import type { Check } from '../machine/check.ts';
import { visibleText } from './safe-text.ts';

/** `spot verify --tap`: TAP 14 (https://testanything.org/tap-version-14-specification.html), a subtest a machine. */
export function tapText({ machines }: VerifyReport): string {
  const lines = machines.flatMap(({ id, checks }, index) => [
    `# Subtest: ${description(id)}`,
    `    1..${checks.length}`,
    ...checks.flatMap((check) => checkLines(check).map((line) => `    ${line}`)),
    `${checks.every(({ ok }) => ok) ? 'ok' : 'not ok'} ${index + 1} - ${description(id)}`,
  ]);
  return `${['TAP version 14', `1..${machines.length}`, ...lines].join('\n')}\n`;
}

function checkLines({ n, id, ok, expected, actual, hint }: Check): readonly string[] {
  if (ok) return [`ok ${n} - ${description(id)}`];
  // A JSON string is a YAML string too, whatever it contains.
  return [
    `not ok ${n} - ${description(id)}`,
    '  ---',
    `  expected: ${JSON.stringify(expected)}`,
    `  actual: ${JSON.stringify(actual)}`,
    `  hint: ${JSON.stringify(hint)}`,
    '  ...',
  ];
}

/** In a description `#` would begin a directive and `\` an escape. */
function description(text: string): string {
  return visibleText(text).replace(/[\\#]/gu, '\\$&');
}
