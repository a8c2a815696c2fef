/**
 * The numbers of what is drawn, so that each can be read: at the pointer, by the keyboard, and as a
 * table.
 *
 * @module
 */

/** Numbers in rows and columns, as an element draws them. */
export interface Numbers {
  rows: number;
  columns: number;
  rowName(row: number): string;
  columnName(column: number): string;
  /** A number as it is written. */
  cell(row: number, column: number): string;
  /** What is read at a place. Default: the names of its row and column, and the number. */
  text?(row: number, column: number): string;
  /** The column at a share of the element's width, where they are not all alike. */
  columnAt?(x: number): number;
  /** Where a place is drawn, as shares of the element's width and height. Default: on an even grid. */
  boxOf?(row: number, column: number): readonly [x: number, y: number, wide: number, high: number];
}

const known = new WeakMap<Element, Numbers | (() => Numbers)>();

/** Says which numbers an element draws; a function is called when they are read. */
export function setNumbers(element: Element, numbers: Numbers | (() => Numbers)): void {
  known.set(element, numbers);
}

/** The numbers that an element draws. */
export function numbersOn(element: Element): Numbers | undefined {
  const numbers = known.get(element);
  if (typeof numbers !== "function") return numbers;
  const made = numbers();
  known.set(element, made);
  return made;
}

/** What is read at a place. */
export function textAt(numbers: Numbers, row: number, column: number): string {
  if (numbers.text) return numbers.text(row, column);
  const names = [numbers.columnName(column), numbers.rowName(row)].filter(Boolean).join(", ");
  return `${names}: ${numbers.cell(row, column)}`;
}

/** The nearest element around this one that draws numbers. */
export function drawnAround(element: Element | null): Element | undefined {
  for (let at = element; at; at = at.parentElement) if (known.has(at)) return at;
  return undefined;
}

/** A number that stands alone. */
export function oneNumber(number: string, text: string): Numbers {
  return {
    rows: 1,
    columns: 1,
    rowName: () => "",
    columnName: () => "",
    cell: () => number,
    text: () => text,
  };
}
