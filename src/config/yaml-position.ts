import { type Document, isAlias, isMap, isScalar, isSeq, type Node } from 'yaml';
import type { Path } from './config-source.ts';

/**
 * The offset in the text of the value at `path`, or of its key. Where the path goes on beyond what is written,
 * that of the last value on the way.
 */
export function offsetOf(document: Document.Parsed, path: Path, part: 'key' | 'value'): number {
  let node: unknown = document.contents;
  let offset = start(node) ?? 0;
  for (const [index, key] of path.entries()) {
    const collection = isAlias(node) ? node.resolve(document) : node;
    if (isMap(collection)) {
      const pair = collection.items.find((item) => keyText(item.key) === String(key));
      if (pair === undefined) break;
      const isLast = index === path.length - 1;
      node = pair.value;
      offset = (isLast && part === 'key' ? start(pair.key) : (start(node) ?? start(pair.key))) ?? offset;
    } else if (isSeq(collection)) {
      node = collection.items[Number(key)];
      offset = start(node) ?? offset;
    } else {
      break;
    }
  }
  return offset;
}

function keyText(key: unknown): string {
  return isScalar(key) ? String(key.value) : String(key);
}

function start(node: unknown): number | undefined {
  return (node as Node | null | undefined)?.range?.[0];
}
