/**
 * Fused ops that know which rows are padding, compared with their compositions.
 *
 * @module
 */
import type { Backend, Tensor } from "../backend.ts";
import { gruForward } from "../network/cells/gru.ts";
import { lstmForward } from "../network/cells/lstm.ts";
import { attention } from "../translation/span_attention.ts";
import { type BackendCase, randomTensor } from "./compare.ts";
import { fusedCase, smallWeights } from "./fused.ts";

/** Returns the cases. */
export function raggedCases(): BackendCase[] {
  return [...paddedCases(), ...attentionCases()];
}

// The number of sentences, of three, that have a word at each of four steps.
const ACTIVE = [3, 2, 2, 1];

/** Cases of recurrences with a given number of active rows per step. */
function paddedCases(): BackendCase[] {
  const on = "with inactive rows equals its composition in the active ones";
  const batch = 3, hidden = 9, timeSteps = ACTIVE.length, rows = timeSteps * batch;
  const places = ACTIVE.flatMap((count, t) =>
    Array.from({ length: count }, (_, i) => t * batch + i)
  );
  // Drops the rows of padding, whose values are unspecified, from results with or without h_0.
  const words = (backend: Backend, a: Tensor) => {
    const before = a.shape[0] - rows;
    const all = [...Array(before).keys(), ...places.map((place) => place + before)];
    return backend.gatherRows(a, backend.indices(all, a.shape[0]));
  };
  const random = (backend: Backend, count: number, columns: number, seed: number) =>
    randomTensor(backend, [count, columns], seed);
  const dStatesOf = (backend: Backend) => {
    const isWord = Array.from({ length: rows + batch }, (_, row) => {
      const t = Math.floor(row / batch) - 1;
      return t < 0 || row % batch < ACTIVE[t] ? 1 : 0;
    });
    const column = backend.tensor(isWord, [rows + batch, 1]);
    return backend.multiplyColumn(random(backend, rows + batch, hidden, 4), column);
  };
  return [
    fusedCase("rnnForward", on, (backend, ops) => {
      const [inputs, h0] = [random(backend, rows, hidden, 1), random(backend, batch, hidden, 2)];
      const Whh = smallWeights(backend, hidden, 1);
      return [words(backend, ops.rnnForward!(inputs, h0, Whh, "tanh", ACTIVE))];
    }),
    fusedCase("rnnBackward", on, (backend, ops) => {
      const states = backend.tanh(random(backend, rows + batch, hidden, 2));
      const Whh = smallWeights(backend, hidden, 1);
      return [ops.rnnBackward!(dStatesOf(backend), states, Whh, batch, "tanh", ACTIVE)];
    }),
    fusedCase("lstmForward", on, (backend, ops) => {
      const [h0, c0] = [2, 3].map((seed) => random(backend, batch, hidden, seed));
      const Whh = smallWeights(backend, hidden, 4);
      const trace = ops.lstmForward!(random(backend, rows, 4 * hidden, 1), h0, c0, Whh, ACTIVE);
      return [trace.states, trace.cells, trace.gates].map((each) => words(backend, each));
    }),
    fusedCase("lstmBackward", on, (backend, ops) => {
      const [h0, c0] = [2, 3].map((seed) => random(backend, batch, hidden, seed));
      const Whh = smallWeights(backend, hidden, 4);
      const trace = lstmForward(backend, random(backend, rows, 4 * hidden, 1), h0, c0, Whh);
      const [dStates, dCells] = [dStatesOf(backend), dStatesOf(backend)];
      const back = ops.lstmBackward!(dStates, trace, Whh, batch, dCells, ACTIVE);
      return [back.dInputs, back.dc0];
    }),
    fusedCase("gruForward", on, (backend, ops) => {
      const [inputs, h0] = [
        random(backend, rows, 3 * hidden, 1),
        random(backend, batch, hidden, 2),
      ];
      const Whh = smallWeights(backend, hidden, 3), bhn = random(backend, 1, hidden, 3);
      const { states, gates } = ops.gruForward!(inputs, h0, Whh, bhn, ACTIVE);
      return [states, gates].map((each) => words(backend, each));
    }),
    fusedCase("gruBackward", on, (backend, ops) => {
      const [inputs, h0] = [
        random(backend, rows, 3 * hidden, 1),
        random(backend, batch, hidden, 2),
      ];
      const Whh = smallWeights(backend, hidden, 3), bhn = random(backend, 1, hidden, 3);
      const trace = gruForward(backend, inputs, h0, Whh, bhn);
      const back = ops.gruBackward!(dStatesOf(backend), trace, Whh, batch, ACTIVE);
      return [back.dInputs, back.dRecurrent, back.dCarry];
    }),
  ];
}

/** Cases of attention over sources and targets of many lengths. */
function attentionCases(): BackendCase[] {
  const sizes = [[1, 1, 1], [5, 3, 4], [3, 14, 9], [9, 10, 16], [4, 20, 64]];
  return sizes.flatMap(([batch, sourceSteps, hidden]) => {
    const targetSteps = 6, together = Math.max(1, Math.min(batch, Math.floor(128 / sourceSteps)));
    const lengths = Array.from({ length: batch }, (_, i) => sourceSteps - i % sourceSteps);
    const places = Int32Array.from([
      ...Array.from({ length: targetSteps * batch }, (_, place) => place)
        .filter((place) => Math.floor(place / batch) <= place % batch % targetSteps),
      -1,
    ]);
    const spans = { lengths, sourceSteps, targetSteps, places, together };
    const on =
      `of ${batch} sources of ${sourceSteps} steps, hidden ${hidden}, equals its composition`;
    const states = (backend: Backend) => [
      randomTensor(backend, [places.length, hidden], 1),
      randomTensor(backend, [sourceSteps * batch, hidden], 2),
    ];
    return [
      fusedCase("attention", on, (backend, ops) => {
        const [queries, memory] = states(backend);
        const { contexts, weights } = ops.attention!(queries, memory, spans);
        return [contexts, weights];
      }),
      fusedCase("attentionBackward", on, (backend, ops) => {
        const [queries, memory] = states(backend);
        const { weights } = attention(backend, queries, memory, spans);
        const dContexts = randomTensor(backend, [places.length, hidden], 3);
        const back = ops.attentionBackward!(dContexts, queries, memory, weights, spans);
        return [back.dQueries, back.dMemory];
      }),
    ];
  });
}
