/** Replaces every secret value in a text. */
export type Redact = (text: string) => string;

const replacement = '[redacted]';
/** Shorter values would take ordinary words out of every log, and are no secrets worth the name. */
const shortestSecret = 6;

/**
 * Redaction by value: whatever the secret files of a project hold must not show up in output, logs or evidence,
 * whichever name it goes by there. Of JSON every string and number counts, of `KEY=value` and `key: value` lines the
 * value, of any other file each line.
 */
export function redactorOf(secrets: readonly Buffer[]): Redact {
  const values = new Set<string>();
  for (const content of secrets) {
    const text = content.toString('utf8');
    for (const line of [text, ...jsonValues(text)].flatMap((part) => part.split(/\r?\n/))) {
      for (const candidate of candidatesIn(line)) {
        const value = candidate.trim();
        if (value.length >= shortestSecret) values.add(value);
      }
    }
  }
  // Longest first: a value inside a longer one must not leave the rest of the longer one behind.
  const ordered = [...values].sort((a, b) => b.length - a.length);
  return (text) => ordered.reduce((result, value) => result.replaceAll(value, replacement), text);
}

/** Every string and number in a JSON text; none when it is no JSON. */
function jsonValues(text: string): readonly string[] {
  const values: string[] = [];
  try {
    JSON.parse(text, (_key, value: unknown) => {
      if (typeof value === 'string' || typeof value === 'number') values.push(String(value));
      return value;
    });
  } catch {
    return [];
  }
  return values;
}

/** What a program that reads this line may take for the value: with or without quotes, escapes and a comment. */
function candidatesIn(line: string): readonly string[] {
  const [, assigned = line] = /^\s*(?:export\s+)?["']?[\w.-]+["']?\s*[=:]\s*(.*)$/.exec(line) ?? [];
  const value = assigned.trim();
  const [, , quoted = value] = /^(["'])(.*?)(?<!\\)\1/.exec(value) ?? [];
  const bare = value.replace(/\s+#.*$/, '').replace(/[,;]$/, '');
  return [line, value, quoted, quoted.replaceAll(/\\(.)/g, '$1'), bare];
}
