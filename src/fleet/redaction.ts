/** Replaces every secret value in a text. */
export type Redact = (text: string) => string;

const replacement = '[redacted]';
/** Shorter values would take ordinary words out of every log, and are no secrets worth the name. */
const shortestSecret = 6;

/**
 * Redaction by value: whatever the secret files of a project hold must not show up in output, logs or evidence,
 * whichever name it goes by there. From `KEY=value` lines the value counts, from any other file each line.
 */
export function redactorOf(secrets: readonly Buffer[]): Redact {
  const values = new Set<string>();
  for (const content of secrets) {
    for (const line of content.toString('utf8').split(/\r?\n/)) {
      const [, assigned] = /^\s*(?:export\s+)?[A-Za-z_][A-Za-z0-9_]*\s*=\s*(.*)$/.exec(line) ?? [];
      for (const candidate of [assigned, unquote(assigned ?? line), line]) {
        const value = candidate?.trim() ?? '';
        if (value.length >= shortestSecret) values.add(value);
      }
    }
  }
  // Longest first: a value inside a longer one must not leave the rest of the longer one behind.
  const ordered = [...values].sort((a, b) => b.length - a.length);
  return (text) => ordered.reduce((result, value) => result.replaceAll(value, replacement), text);
}

function unquote(text: string): string {
  return text.trim().replace(/^(["'])(.*)\1$/s, '$2');
}
