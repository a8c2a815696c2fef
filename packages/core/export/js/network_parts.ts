/**
 * The declarations of a network in an exported module.
 *
 * @module
 */
import type { Activation } from "../../backend.ts";
import { type CellName, cellOf } from "../../network/cells/cells.ts";
import { NORM_EPSILON } from "../../network/cells/layer_norm.ts";
import type { Head, NetworkConfig } from "../../network/config.ts";
import { lettersConfig } from "../../network/letters.ts";
import { suffix } from "../../network/shapes.ts";
import * as parts from "./parts/network.ts";
import type { Row, State } from "./parts/types.ts";
import { code, type Declarations } from "./source.ts";

/** The names of the parts that compute each cell's z of a time step, and its next state. */
const CELLS: Record<CellName, { project: keyof typeof parts; step: keyof typeof parts }> = {
  rnn: { project: "project", step: "rnnStep" },
  lstm: { project: "project", step: "lstmStep" },
  gru: { project: "project", step: "gruStep" },
  mingru: { project: "project", step: "minGruStep" },
  lnlstm: { project: "normProject", step: "normLstmStep" },
};

/** The names of the step functions of cells with a choice of activation functions. */
const STEPS: Record<Activation, Partial<Record<CellName, keyof typeof parts>>> = {
  tanh: {},
  relu: { rnn: "reluStep" },
};

const POOLS: Record<Head, (outputs: Row[], top: State[]) => Row> = {
  last: parts.lastPool,
  mean: parts.meanPool,
  max: parts.maxPool,
  "mean-max": parts.meanMaxPool,
  token: parts.lastPool, // never called
};

function cellCode({ cell, activation, hidden }: NetworkConfig) {
  const { project, step } = CELLS[cell];
  return code(
    `{ hidden: ${hidden}, project: ${project}, step: ${STEPS[activation][cell] ?? step} }`,
  );
}

/** Returns the names of a cell's weights. */
function weightsOf({ cell, hidden }: NetworkConfig): string[] {
  return ["Wxh", "bh", ...Object.keys(cellOf(cell).recurrentShapes(hidden))];
}

/** Returns the declarations of a network. */
export function networkParts(config: NetworkConfig): Declarations {
  const letters = lettersConfig(config), { embedding, head } = config;
  const names = new Set([...weightsOf(config), ...(config.letters ? weightsOf(letters) : [])]);
  return {
    ...parts,
    ...(embedding > 0 ? { addProduct: parts.addDense } : {}),
    suffix,
    NORM_EPSILON,
    CELL_WEIGHTS: [...names],
    CELL: cellCode(config),
    LETTERS_CELL: cellCode(letters),
    EMBEDDING: embedding,
    LETTER_EMBEDDING: letters.embedding,
    inputs: config.letters ? parts.spelled : embedding > 0 ? parts.embedded : parts.oneHot,
    pool: POOLS[head],
  };
}
