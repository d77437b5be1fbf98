import { type CST, Parser } from 'yaml';

/** A configuration is at most six levels deep. */
const deepest = 100;

/**
 * The offset of a node that lies deeper than any configuration does; `undefined` for a sane document. Tells
 * `onNewLine` where each line begins.
 *
 * The parser works through any depth with a stack of its own, but the composer calls itself for each level: at
 * some 3,000 levels Node does not throw a RangeError there but ends the process ("RegExpCompiler Allocation
 * failed"). So the depth has to be known before anything is composed.
 */
export function tooDeep(text: string, onNewLine: (offset: number) => void): number | undefined {
  const waiting: { token: CST.Token | null | undefined; depth: number }[] = [];
  for (const token of new Parser(onNewLine).parse(text)) waiting.push({ token, depth: 0 });
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { token, depth } = next;
    if (token === null || token === undefined) continue;
    if (depth > deepest) return token.offset;
    if ('items' in token) {
      for (const { key, value } of token.items) {
        waiting.push({ token: key, depth: depth + 1 }, { token: value, depth: depth + 1 });
      }
    } else if (token.type === 'document') {
      waiting.push({ token: token.value, depth });
    }
  }
  return undefined;
}
