/**
 * What a terminal of unlimited height shows after the bytes were written to it, without empty lines at the end:
 * enough of a VT100 for the sequences that live rows use. Anything else throws, so that no test passes by chance.
 */
export function screenAfter(bytes: string): { lines: readonly string[]; cursorShown: boolean } {
  const lines: string[] = [''];
  let row = 0;
  let column = 0;
  let cursorShown = true;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what is read here
  for (const [token] of bytes.matchAll(/\u001b\[[?0-9;]*[A-Za-z]|[\s\S]/gu)) {
    if (token === '\n') {
      row += 1;
      column = 0;
      lines[row] ??= '';
    } else if (token === '\r') column = 0;
    else if (token.startsWith('\u001b[') && token.endsWith('A')) row -= Number(token.slice(2, -1));
    else if (token === '\u001b[2K') lines[row] = '';
    else if (token === '\u001b[J') {
      lines[row] = (lines[row] ?? '').slice(0, column);
      lines.length = row + 1;
    } else if (token === '\u001b[?25l') cursorShown = false;
    else if (token === '\u001b[?25h') cursorShown = true;
    else if (token.startsWith('\u001b')) throw new Error(`unexpected sequence ${JSON.stringify(token)}`);
    else {
      const line = (lines[row] ?? '').padEnd(column);
      lines[row] = line.slice(0, column) + token + line.slice(column + token.length);
      column += token.length;
    }
    if (row < 0) throw new Error('the cursor left the screen');
  }
  while (lines.at(-1) === '') lines.pop();
  return { lines, cursorShown };
}
