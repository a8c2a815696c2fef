/**
 * What the page needs to know about core's cells, whose equations are only in the worker's program.
 * A cell that is missing here is a compile error; a test checks the rest against core.
 *
 * @module
 */
import type { CellName } from "@unroll/core/texts";

/** What the page needs to know about a cell. */
export interface PageCell {
  /** The activation functions to choose from. */
  activations: readonly ("tanh" | "relu")[];
  /** Whether its gates read the previous state, through Whh. */
  hasWhh: boolean;
  /** Whether core has the equations of a single unit of it. */
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
