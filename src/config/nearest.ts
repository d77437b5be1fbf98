/** The candidate that differs from `word` in the fewest letters, if those are few enough (`allowed`) to be a slip. */
export function nearest(
  word: string,
  candidates: readonly string[],
  allowed: number = Math.max(1, Math.floor(word.length / 4)),
): string | undefined {
  const [best] = candidates
    .map((candidate) => ({ candidate, distance: editDistance(word.toLowerCase(), candidate) }))
    .filter(({ distance }) => distance <= allowed)
    .sort((a, b) => a.distance - b.distance);
  return best?.candidate;
}

/** Letters to insert, delete, replace or swap with their neighbour (optimal string alignment). */
function editDistance(from: string, to: string): number {
  // Longer than any key: not a slip, and the table below would grow with its square.
  if (from.length > 64) return from.length;
  const rows: number[][] = [Array.from({ length: to.length + 1 }, (_, column) => column)];
  const cell = (row: number, column: number) => rows[row]?.[column] ?? 0;
  for (let row = 1; row <= from.length; row += 1) {
    rows.push([row]);
    for (let column = 1; column <= to.length; column += 1) {
      const same = from[row - 1] === to[column - 1];
      const swapped = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      const costs = [
        cell(row - 1, column) + 1,
        cell(row, column - 1) + 1,
        cell(row - 1, column - 1) + (same ? 0 : 1),
        ...(row > 1 && column > 1 && swapped ? [cell(row - 2, column - 2) + 1] : []),
      ];
      rows[row]?.push(Math.min(...costs));
    }
  }
  return cell(from.length, to.length);
}
