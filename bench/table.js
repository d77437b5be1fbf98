/**
 * One measured promise.
 * @typedef {object} Row
 * @property {string} name
 * @property {number} measured
 * @property {number} limit
 * @property {'×' | 's' | 'MB'} unit of both
 * @property {string} detail the numbers that it was made from
 */

/** Whether a row breaks its promise. */
export function isExceeded({ measured, limit }) {
  return measured > limit;
}

/** The rows as an aligned table, a line each. */
export function renderTable(rows) {
  const number = (value, unit) => `${value.toFixed(unit === 'MB' ? 0 : 2)} ${unit}`;
  const cells = rows.map((row) => [
    row.name,
    number(row.measured, row.unit),
    `≤ ${number(row.limit, row.unit)}`,
    isExceeded(row) ? 'EXCEEDED' : 'ok',
    row.detail,
  ]);
  const table = [['measurement', 'measured', 'limit', '', ''], ...cells];
  const width = (column) => Math.max(...table.map((row) => row[column].length));
  const widths = [0, 1, 2, 3].map(width);
  return table
    .map(([name, measured, limit, verdict, detail]) =>
      [
        name.padEnd(widths[0]),
        measured.padStart(widths[1]),
        limit.padStart(widths[2]),
        verdict.padEnd(widths[3]),
        detail,
      ]
        .join('  ')
        .trimEnd(),
    )
    .map((line) => `${line}\n`)
    .join('');
}
