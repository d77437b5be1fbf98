import { clip, displayWidth, padEnd, padStart } from './display-width.ts';
import type { Look } from './terminal.ts';

export interface Column<Row> {
  readonly title: string;
  readonly cell: (row: Row) => string;
  readonly align?: 'right';
  /** On a terminal that is too narrow, columns go in ascending order of this number; those without one stay. */
  readonly expendable?: number;
}

const gap = '  ';

/**
 * An aligned table, a title line and a line a row, indented by `indent` columns. In a pipe it is as wide as it
 * needs; on a terminal expendable columns are left out until it fits, and what is still too long is clipped.
 */
export function renderTable<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  { paint, width }: Look,
  indent = 0,
): readonly string[] {
  const room = width === undefined ? undefined : width - indent;
  const fitted = fitColumns(
    columns.map((column) => measure(column, rows)),
    room,
  );
  const line = (texts: readonly string[]) => {
    const cells = texts.map((text, n) => {
      const column = fitted[n];
      if (column === undefined) return text;
      return column.column.align === 'right' ? padStart(text, column.width) : padEnd(text, column.width);
    });
    const joined = cells.join(gap).trimEnd();
    return ' '.repeat(indent) + (room === undefined ? joined : clip(joined, room));
  };
  return [
    paint.dim(line(fitted.map(({ column }) => column.title))),
    ...rows.map((_, row) => line(fitted.map(({ cells }) => cells[row] ?? ''))),
  ];
}

interface Measured<Row> {
  readonly column: Column<Row>;
  readonly cells: readonly string[];
  readonly width: number;
}

function measure<Row>(column: Column<Row>, rows: readonly Row[]): Measured<Row> {
  const cells = rows.map((row) => column.cell(row));
  const width = cells.reduce(
    (widest, cell) => Math.max(widest, displayWidth(cell)),
    displayWidth(column.title),
  );
  return { column, cells, width };
}

function fitColumns<Row>(
  columns: readonly Measured<Row>[],
  room: number | undefined,
): readonly Measured<Row>[] {
  const total = columns.reduce((sum, { width }) => sum + width + gap.length, -gap.length);
  const expendable = columns.filter(({ column }) => column.expendable !== undefined);
  if (room === undefined || total <= room || expendable.length === 0) return columns;
  const first = expendable.reduce((a, b) =>
    (a.column.expendable ?? 0) <= (b.column.expendable ?? 0) ? a : b,
  );
  return fitColumns(
    columns.filter((column) => column !== first),
    room,
  );
}
