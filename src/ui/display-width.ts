import stringWidth from 'fast-string-width';

const reset = '\u001b[0m';
// biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character is what begins a style
const styleSequence = /(\u001b\[[0-9;]*m)/u;
const characters = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** Terminal columns that a text takes: wide characters count two, styles none. */
export function displayWidth(text: string): number {
  return stringWidth(text);
}

/**
 * The text within so many columns, its end replaced by `…` when it is longer. Styles that were cut are closed.
 * The truncation of fast-string-truncated-width 3.0.3 is one column too long after characters such as `●`, so
 * only its widths are used.
 */
export function clip(text: string, columns: number): string {
  if (columns <= 0) return '';
  if (displayWidth(text) <= columns) return text;
  let kept = '';
  let room = columns - 1;
  for (const piece of pieces(text)) {
    room -= displayWidth(piece);
    if (room < 0) break;
    kept += piece;
  }
  return kept.includes('\u001b') ? `${kept}…${reset}` : `${kept}…`;
}

/** The text with spaces after it up to so many columns. */
export function padEnd(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - displayWidth(text)));
}

/** The text with spaces before it up to so many columns. */
export function padStart(text: string, columns: number): string {
  return ' '.repeat(Math.max(0, columns - displayWidth(text))) + text;
}

/** Styles and what a person takes for one character, in order. */
function* pieces(text: string): Generator<string> {
  for (const part of text.split(styleSequence)) {
    if (part.startsWith('\u001b')) yield part;
    else for (const { segment } of characters.segment(part)) yield segment;
  }
}
