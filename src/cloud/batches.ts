/** A list in parts of at most `size`, in its order: EC2 limits how much a call may name. */
export function batches<Item>(items: readonly Item[], size: number): Item[][] {
  const starts = Array.from({ length: Math.ceil(items.length / size) }, (_, index) => index * size);
  return starts.map((start) => items.slice(start, start + size));
}
