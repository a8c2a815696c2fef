/**
 * Every fused op that a backend offers, compared with its composition from that backend's
 * primitives.
 *
 * @module
 */
import type { Activation, Backend, FusedOps, Tensor } from "../backend.ts";
import { gruBackward, gruForward } from "../network/cells/gru.ts";
import { normalize, normalizeBackward } from "../network/cells/layer_norm.ts";
import { normLstmBackward, normLstmForward } from "../network/cells/layer_norm_lstm.ts";
import { lstmBackward, lstmForward } from "../network/cells/lstm.ts";
import { rnnBackward, rnnForward } from "../network/cells/rnn.ts";
import { composedCrf } from "../network/crf.ts";
import { composedCrossEntropy } from "../network/loss.ts";
import { opsOf } from "../ops/checked_ops.ts";
import { adam } from "../ops/adam.ts";
import { attention, attentionBackward } from "../translation/span_attention.ts";
import { type BackendCase, checkNumbers, checkShape, randomTensor } from "./compare.ts";

const SIZES = [[1, 1, 1], [1, 1, 4], [2, 1, 5], [3, 2, 1], [5, 3, 7], [9, 4, 64]];

type Composed = Pick<Backend, keyof FusedOps>;

/** Returns the cases. */
export function fusedCases(): BackendCase[] {
  return [...adamCases(), ...crossEntropyCases(), ...crfCases(), ...recurrentCases()];
}

/** Cases of rows with and without a label, some with weight 0. */
function crossEntropyCases(): BackendCase[] {
  return [[1, 1], [3, 2], [5, 7], [70, 65]].map(([m, n]) =>
    fusedCase("crossEntropy", `of [${m}, ${n}] equals its composition`, (backend, ops) => {
      const labels = Array.from({ length: m }, (_, i) => i % 5 === 3 ? -1 : (7 * i) % n);
      const weights = Array.from({ length: m }, (_, i) => i % 4 === 2 ? 0 : 1 / (1 + i));
      const { losses, dLogits } = ops.crossEntropy!(
        randomTensor(backend, [m, n], 1),
        backend.indices(labels, n),
        backend.tensor(weights, [m, 1]),
      );
      return [losses, dLogits];
    })
  );
}

/** Cases of sequences of different lengths in one batch. */
function crfCases(): BackendCase[] {
  return [[1, 1, 2], [4, 1, 3], [3, 2, 1], [5, 3, 7], [9, 4, 20]].map(([steps, batch, n]) => {
    const on = `over ${steps} steps, batch ${batch}, ${n} labels, equals its composition`;
    return fusedCase("crf", on, (backend, ops) => {
      const targets = Int32Array.from({ length: steps * batch }, (_, row) => {
        const length = Math.max(1, steps - row % batch);
        return Math.floor(row / batch) < length ? (7 * row) % n : -1;
      });
      const weights = {
        startTransitions: randomTensor(backend, [1, n], 2),
        endTransitions: randomTensor(backend, [1, n], 3),
        transitions: randomTensor(backend, [n, n], 4),
      };
      const logits = randomTensor(backend, [steps * batch, n], 1);
      const trace = ops.crf!(logits, weights, targets, batch, 0.25);
      const { losses, marginals, dLogits, startTransitions, endTransitions, transitions } = trace;
      return [losses, marginals, dLogits, startTransitions, endTransitions, transitions];
    });
  });
}

function recurrentCases(): BackendCase[] {
  return SIZES.flatMap(([timeSteps, batch, hidden]) => {
    const on = `over ${timeSteps} steps, batch ${batch}, hidden ${hidden}, equals its composition`;
    const rows = timeSteps * batch;
    const inputsOf = (backend: Backend, gates: number) =>
      randomTensor(backend, [rows, gates * hidden], 1);
    const firstOf = (backend: Backend, seed: number) =>
      randomTensor(backend, [batch, hidden], seed);
    const dStatesOf = (backend: Backend) => randomTensor(backend, [rows + batch, hidden], 4);
    const activations: Activation[] = ["tanh", "relu"];
    return [
      ...activations.flatMap((activation) => [
        fusedCase("rnnForward", `with ${activation} ${on}`, (backend, ops) => {
          const [inputs, h0] = [inputsOf(backend, 1), firstOf(backend, 2)];
          return [ops.rnnForward!(inputs, h0, smallWeights(backend, hidden, 1), activation)];
        }),
        fusedCase("rnnBackward", `with ${activation} ${on}`, (backend, ops) => {
          const states = backend[activation](randomTensor(backend, [rows + batch, hidden], 2));
          const Whh = smallWeights(backend, hidden, 1);
          return [ops.rnnBackward!(dStatesOf(backend), states, Whh, batch, activation)];
        }),
      ]),
      fusedCase("lstmForward", on, (backend, ops) => {
        const [inputs, h0, c0] = [inputsOf(backend, 4), firstOf(backend, 2), firstOf(backend, 3)];
        const { states, cells, gates } = ops.lstmForward!(
          inputs,
          h0,
          c0,
          smallWeights(backend, hidden, 4),
        );
        return [states, cells, gates];
      }),
      fusedCase("lstmBackward", on, (backend, ops) => {
        const Whh = smallWeights(backend, hidden, 4);
        const [inputs, h0, c0] = [inputsOf(backend, 4), firstOf(backend, 2), firstOf(backend, 3)];
        const trace = lstmForward(backend, inputs, h0, c0, Whh);
        const { dInputs, dc0 } = ops.lstmBackward!(dStatesOf(backend), trace, Whh, batch);
        return [dInputs, dc0];
      }),
      fusedCase("lstmBackward", `with gradients of cells ${on}`, (backend, ops) => {
        const Whh = smallWeights(backend, hidden, 4);
        const [inputs, h0, c0] = [inputsOf(backend, 4), firstOf(backend, 2), firstOf(backend, 3)];
        const trace = lstmForward(backend, inputs, h0, c0, Whh);
        const dCells = randomTensor(backend, [rows + batch, hidden], 6);
        const dStates = dStatesOf(backend);
        const { dInputs, dc0 } = ops.lstmBackward!(dStates, trace, Whh, batch, dCells);
        return [dInputs, dc0];
      }),
      fusedCase("gruForward", on, (backend, ops) => {
        const Whh = smallWeights(backend, hidden, 3);
        const bhn = randomTensor(backend, [1, hidden], 3);
        const { states, gates } = ops.gruForward!(
          inputsOf(backend, 3),
          firstOf(backend, 2),
          Whh,
          bhn,
        );
        return [states, gates];
      }),
      fusedCase("gruBackward", on, (backend, ops) => {
        const Whh = smallWeights(backend, hidden, 3);
        const bhn = randomTensor(backend, [1, hidden], 3);
        const trace = gruForward(backend, inputsOf(backend, 3), firstOf(backend, 2), Whh, bhn);
        const { dInputs, dRecurrent, dCarry } = ops.gruBackward!(
          dStatesOf(backend),
          trace,
          Whh,
          batch,
        );
        return [dInputs, dRecurrent, dCarry];
      }),
    ];
  });
}

/** Cases of Adam steps for a whole weight, and for some of its rows. */
function adamCases(): BackendCase[] {
  const settings = { keep: 0.9, stepSize: 0.1, beta1: 0.8, beta2: 0.95, epsilon: 1e-3 };
  return [[1, 1], [5, 7], [30, 64]].flatMap(([m, n]) =>
    [false, true].map((isSparse) =>
      fusedCase("adam", `of [${m}, ${n}]${isSparse ? ", some rows," : ""} equals its composition`, (
        backend,
        ops,
      ) => {
        const rows = isSparse ? backend.indices([m - 1, -1], m) : undefined;
        const [W, mean, g] = [1, 2, 3].map((seed) =>
          randomTensor(backend, [isSparse && seed === 3 ? 2 : m, n], seed)
        );
        const root = randomTensor(backend, [m, n], 4);
        const squares = backend.multiply(root, root);
        return ops.adam!(W, mean, squares, g, { ...settings, rows });
      })
    )
  );
}

/** Creates a case that compares a fused op with its composition. */
export function fusedCase(
  op: keyof FusedOps,
  on: string,
  run: (backend: Backend, ops: Composed) => Tensor[],
): BackendCase {
  return {
    name: `${op}() ${on}`,
    async run(backend: Backend) {
      if (!backend[op]) return; // not offered: core uses the composition
      const fused = backend.scope(() => run(backend, backend));
      const composed = backend.scope(() => run(backend, composedOn(backend)));
      const values = await backend.read([...fused, ...composed]);
      for (const [i, tensor] of fused.entries()) {
        checkShape(tensor.shape, composed[i].shape, `${op}, part ${i + 1}`);
        checkNumbers(values[i], values[fused.length + i], backend, `${op}, part ${i + 1}`);
      }
      backend.dispose([...fused, ...composed]);
    },
  };
}

/** Returns the fused ops as compositions of a backend's primitives. */
function composedOn(backend: Backend): Composed {
  const ops = opsOf(backend);
  return {
    rnnForward: (x, h, W, activation) => rnnForward(ops, x, h, W, activation),
    rnnBackward: (d, h, W, batch, activation) => rnnBackward(ops, d, h, W, batch, activation),
    lstmForward: (x, h, c, W) => lstmForward(ops, x, h, c, W),
    lstmBackward: (d, trace, W, batch, dc) => lstmBackward(ops, d, trace, W, batch, dc),
    gruForward: (x, h, W, b) => gruForward(ops, x, h, W, b),
    gruBackward: (d, trace, W, batch) => gruBackward(ops, d, trace, W, batch),
    normalize: (...args) => normalize(ops, ...args),
    normalizeBackward: (...args) => normalizeBackward(ops, ...args),
    normLstmForward: (x, h, c, weights) => normLstmForward(ops, x, h, c, weights),
    normLstmBackward: (d, trace, weights, batch, dc) =>
      normLstmBackward(ops, d, trace, weights, batch, dc),
    attention: (...args) => attention(ops, ...args),
    attentionBackward: (...args) => attentionBackward(ops, ...args),
    adam: (...args) => adam(ops, ...args),
    crossEntropy: (...args) => composedCrossEntropy(ops, ...args),
    crf: (...args) => composedCrf(ops, ...args),
  };
}

/** Creates weights that shrink with the hidden size: chaotic recurrences amplify rounding. */
export function smallWeights(backend: Backend, hidden: number, gates: number): Tensor {
  const random = randomTensor(backend, [hidden, gates * hidden], 5);
  return backend.scale(random, 0.5 / Math.sqrt(hidden));
}
