/**
 * The numbers of a heat map, for reading.
 *
 * @module
 */
import type { HeatMap } from "../picture_protocol.ts";
import type { Numbers } from "../readings.ts";
import { figure, words } from "../words.ts";

const text = words.weights;

/** Returns the numbers of a heat map; a block of a large matrix shows its largest number. */
export function mapNumbers(
  { rows, columns, values, block }: HeatMap,
  name: string,
  rowName: (row: number) => string = text.row,
): Numbers {
  const numbers = {
    rows,
    columns,
    rowName: (row: number) => rowName(row * block[0]),
    columnName: (column: number) => text.column(column * block[1]),
    cell: (row: number, column: number) => figure(values[row * columns + column], 3),
  };
  const at = (row: number, column: number) =>
    `${name}, ${numbers.rowName(row)}, ${numbers.columnName(column)}`;
  return { ...numbers, text: (row, column) => `${at(row, column)}: ${numbers.cell(row, column)}` };
}
