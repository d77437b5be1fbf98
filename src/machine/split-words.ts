/** The first `count - 1` words of a text, and all that follows them, spaces included, as the last. */
export function splitWords(text: string, count: number): readonly string[] {
  const words: string[] = [];
  let from = 0;
  while (words.length < count - 1) {
    const space = text.indexOf(' ', from);
    words.push(text.slice(from, space < 0 ? text.length : space));
    from = space < 0 ? text.length : space + 1;
  }
  return [...words, text.slice(from)];
}
