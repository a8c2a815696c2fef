/**
 * What the page has to know of the cells of core, whose mathematics stands in the worker's program
 * alone. A cell that is missing here does not compile, and a test holds the rest to core.
 *
 * @module
 */
import type { CellName } from "@unroll/core/texts";

/** What the page has to know of a cell. */
export interface PageCell {
  /** The activation functions to choose from. */
  activations: readonly ("tanh" | "relu")[];
  /** Whether its gates read the state before, through Whh. */
  hasWhh: boolean;
  /** Whether core has the equations of its single units. */
  hasUnitEquations: boolean;
}

/** The cells, in core's order. */
export const CELLS: Readonly<Record<CellName, PageCell>> = {
  rnn: { activations: ["tanh", "relu"], hasWhh: true, hasUnitEquations: true },
  lstm: { activations: ["tanh"], hasWhh: true, hasUnitEquations: true },
  gru: { activations: ["tanh"], hasWhh: true, hasUnitEquations: true },
  mingru: { activations: ["tanh"], hasWhh: false, hasUnitEquations: true },
  lnlstm: { activations: ["tanh"], hasWhh: true, hasUnitEquations: false },
};
