/**
 * The numbers behind what is drawn, so that each can be read: at the pointer, by keyboard, and as a
 * table.
 *
 * @module
 */

/** The numbers that an element draws, in rows and columns. */
export interface Numbers {
  rows: number;
  columns: number;
  rowName(row: number): string;
  columnName(column: number): string;
  /** Formats a number. */
  cell(row: number, column: number): string;
  /** Describes a cell. Default: the names of its row and column, and the number. */
  text?(row: number, column: number): string;
  /** The column at a fraction of the element's width, if the columns are not equally wide. */
  columnAt?(x: number): number;
  /** Where a cell is drawn, in fractions of the element's size. Default: an even grid. */
  boxOf?(row: number, column: number): readonly [x: number, y: number, wide: number, high: number];
}

const known = new WeakMap<Element, Numbers | (() => Numbers)>();

/** Registers the numbers that an element draws; a function is called when they are read. */
export function setNumbers(element: Element, numbers: Numbers | (() => Numbers)): void {
  known.set(element, numbers);
}

/** Returns the numbers that an element draws. */
export function numbersOn(element: Element): Numbers | undefined {
  const numbers = known.get(element);
  if (typeof numbers !== "function") return numbers;
  const made = numbers();
  known.set(element, made);
  return made;
}

/** Describes a cell. */
export function textAt(numbers: Numbers, row: number, column: number): string {
  if (numbers.text) return numbers.text(row, column);
  const names = [numbers.columnName(column), numbers.rowName(row)].filter(Boolean).join(", ");
  return `${names}: ${numbers.cell(row, column)}`;
}

/** Returns the nearest enclosing element that draws numbers. */
export function drawnAround(element: Element | null): Element | undefined {
  for (let at = element; at; at = at.parentElement) if (known.has(at)) return at;
  return undefined;
}

/** Describes a single number. */
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
