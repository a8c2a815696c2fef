/**
 * The table of cells: all code that lists, checks or builds cells reads it.
 *
 * @module
 */
import type { Cell } from "./cell.ts";
import { gru } from "./gru.ts";
import { layerNormLstm } from "./layer_norm_lstm.ts";
import { lstm } from "./lstm.ts";
import { minGru } from "./min_gru.ts";
import { rnn } from "./rnn.ts";

/** The kinds of cell, keyed by their `--cell` names. */
export const CELLS = { rnn, lstm, gru, mingru: minGru, lnlstm: layerNormLstm } satisfies Record<
  string,
  Cell
>;

/** The name of a kind of cell. */
export type CellName = keyof typeof CELLS;

/** The names of all kinds of cell. */
export const CELL_NAMES = /* @__PURE__ */ Object.keys(CELLS) as CellName[];

/** Returns the cell with a given name. */
export function cellOf(name: CellName): Cell {
  return CELLS[name];
}
