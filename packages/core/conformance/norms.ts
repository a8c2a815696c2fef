/**
 * Layer normalization, and the recurrence built on it, compared with their compositions.
 *
 * @module
 */
import type { Backend, NormLstmWeights, Tensor } from "../backend.ts";
import { normalize } from "../network/cells/layer_norm.ts";
import { normLstmForward } from "../network/cells/layer_norm_lstm.ts";
import { type BackendCase, randomTensor } from "./compare.ts";
import { fusedCase, smallWeights } from "./fused.ts";

/** Returns the cases. */
export function normCases(): BackendCase[] {
  return [...rowCases(), ...recurrentCases()];
}

function rowCases(): BackendCase[] {
  return [[1, 4], [3, 5], [20, 7], [40, 64]].flatMap(([m, n]) => {
    const on = `of [${m}, ${n}] equals its composition`;
    return [
      fusedCase("normalize", on, (backend, ops) => {
        const { values, scales } = ops.normalize!(randomTensor(backend, [m, n], 1));
        return [values, scales];
      }),
      fusedCase("normalizeBackward", on, (backend, ops) => {
        const norm = normalize(backend, randomTensor(backend, [m, n], 1));
        return [ops.normalizeBackward!(randomTensor(backend, [m, n], 2), norm)];
      }),
    ];
  });
}

const SIZES = [[1, 1, 4], [2, 1, 5], [3, 2, 3], [5, 3, 7], [9, 4, 64]];

// The number of sentences, of three, that have a word at each of four steps.
const ACTIVE = [3, 2, 2, 1];

function recurrentCases(): BackendCase[] {
  const padded = recurrentCase(ACTIVE.length, 3, 9, ACTIVE);
  return [
    ...SIZES.flatMap(([steps, batch, hidden]) => recurrentCase(steps, batch, hidden)),
    ...padded,
  ];
}

function recurrentCase(
  timeSteps: number,
  batch: number,
  hidden: number,
  active?: readonly number[],
): BackendCase[] {
  const rows = timeSteps * batch;
  const on = `over ${timeSteps} steps, batch ${batch}, hidden ${hidden},` +
    `${active ? " some of them padding," : ""} equals its composition`;
  const isWord = Array.from(
    { length: rows },
    (_, row) => row % batch < (active?.[Math.floor(row / batch)] ?? batch) ? 1 : 0,
  );
  /** Zeroes the rows of padding, whose values are unspecified. */
  const words = (backend: Backend, a: Tensor) => {
    const before = new Array(a.shape[0] - rows).fill(1);
    return backend.multiplyColumn(a, backend.tensor([...before, ...isWord], [a.shape[0], 1]));
  };
  const given = (backend: Backend) => {
    const row = (columns: number, seed: number) => randomTensor(backend, [1, columns], seed);
    const weights: NormLstmWeights = {
      Whh: smallWeights(backend, hidden, 4),
      gh: row(4 * hidden, 7),
      gc: row(hidden, 8),
      bc: row(hidden, 9),
    };
    const [h0, c0] = [2, 3].map((seed) => randomTensor(backend, [batch, hidden], seed));
    return { inputs: randomTensor(backend, [rows, 4 * hidden], 1), h0, c0, weights };
  };
  const states = (backend: Backend, seed: number) =>
    words(backend, randomTensor(backend, [rows + batch, hidden], seed));
  return [
    fusedCase("normLstmForward", on, (backend, ops) => {
      const { inputs, h0, c0, weights } = given(backend);
      const trace = ops.normLstmForward!(inputs, h0, c0, weights, active);
      return Object.values(trace).map((each) => words(backend, each));
    }),
    ...[false, true].map((withCells) =>
      fusedCase("normLstmBackward", `${withCells ? "with gradients of cells " : ""}${on}`, (
        backend,
        ops,
      ) => {
        const { inputs, h0, c0, weights } = given(backend);
        const trace = normLstmForward(backend, inputs, h0, c0, weights);
        const dCells = withCells ? states(backend, 6) : undefined;
        const back = ops.normLstmBackward!(
          states(backend, 4),
          trace,
          weights,
          batch,
          dCells,
          active,
        );
        return [back.dInputs, back.dProducts, back.dShown, back.dc0];
      })
    ),
  ];
}
