/**
 * The same statement for four numbers at a time and for one.
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

/** Numbers from an address; one stands in all four places. */
export function load(width: Width, address: Code): Code {
  return width === 4 ? load4(address) : loadSplat(address);
}

/** Numbers to an address. */
export function store(width: Width, address: Code, value: Code): Code {
  return width === 4 ? store4(address, value) : storeFirst(address, value);
}

/** Leaves what the operator makes of all four numbers in each. */
export function spread(four: number, operator: (a: Code, b: Code) => Code): Code {
  return [[1, 0, 3, 2], [2, 3, 0, 1]].flatMap((places) =>
    set(four, operator(get(four), shuffle4(get(four), get(four), places)))
  );
}
