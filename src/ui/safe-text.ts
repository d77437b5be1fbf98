import { stripVTControlCharacters } from 'node:util';

// Bidirectional controls reorder what a terminal shows (CVE-2021-42574), so they are treated like control characters.
const invisible = /[\p{Cc}\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;

/**
 * A line that a machine printed, made safe and short to show: escape sequences gone, of a line that redraws
 * itself with carriage returns the last state, tabs as spaces, every other control character gone.
 */
export function cleanLine(line: string): string {
  const states = stripVTControlCharacters(line)
    .split('\r')
    .filter((state) => state.trim() !== '');
  return (states.at(-1) ?? '').replaceAll('\t', '  ').replace(invisible, '').trimEnd();
}

/** A name or message in which every control character is written out (`a\nb`), so that it cannot hide anything. */
export function visibleText(text: string): string {
  return text.replace(invisible, (character) => {
    const escaped = JSON.stringify(character).slice(1, -1);
    return escaped === character
      ? `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`
      : escaped;
  });
}

/** The first line of a message, for a row or a line of a log that has no room for more. */
export function firstLine(text: string): string {
  return visibleText(text.split('\n', 1)[0] ?? '');
}
