import { describe, expect, it } from 'vitest';
import { type Column, renderTable } from '../../src/ui/table.ts';
import { plainLook } from './samples.ts';

interface Fruit {
  readonly name: string;
  readonly price: string;
  readonly origin: string;
}
const rows: readonly Fruit[] = [
  { name: 'apple', price: '1.20', origin: 'Tyrol' },
  { name: '梨', price: '10.00', origin: 'Tottori' },
];
const columns: readonly Column<Fruit>[] = [
  { title: 'NAME', cell: ({ name }) => name },
  { title: 'PRICE', cell: ({ price }) => price, align: 'right', expendable: 1 },
  { title: 'ORIGIN', cell: ({ origin }) => origin, expendable: 2 },
];

describe('renderTable', () => {
  it('aligns by display columns', () => {
    expect(renderTable(columns, rows, plainLook, 2)).toEqual([
      '  NAME   PRICE  ORIGIN',
      '  apple   1.20  Tyrol',
      '  梨     10.00  Tottori',
    ]);
  });

  it('leaves out the most expendable column first', () => {
    expect(renderTable(columns, rows, { ...plainLook, width: 16 })).toEqual([
      'NAME   ORIGIN',
      'apple  Tyrol',
      '梨     Tottori',
    ]);
  });

  it('clips what cannot be left out', () => {
    expect(renderTable(columns, rows, { ...plainLook, width: 4 })).toEqual(['NAME', 'app…', '梨']);
  });
});
