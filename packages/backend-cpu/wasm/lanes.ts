/**
 * The same statements for four numbers at a time and for one.
 *
 * @module
 */
import {
  type Code,
  get,
  load4,
  loadSplat,
  set,
  shuffle4,
  store4,
  storeFirst,
} from "./assembler.ts";

/** Four numbers, or one. */
export type Width = 1 | 4;

/** Loads numbers from an address; a single one goes into all four lanes. */
export function load(width: Width, address: Code): Code {
  return width === 4 ? load4(address) : loadSplat(address);
}

/** Stores numbers at an address. */
export function store(width: Width, address: Code, value: Code): Code {
  return width === 4 ? store4(address, value) : storeFirst(address, value);
}

/** Reduces all four lanes with an operator, and leaves the result in each. */
export function spread(four: number, operator: (a: Code, b: Code) => Code): Code {
  return [[1, 0, 3, 2], [2, 3, 0, 1]].flatMap((places) =>
    set(four, operator(get(four), shuffle4(get(four), get(four), places)))
  );
}
