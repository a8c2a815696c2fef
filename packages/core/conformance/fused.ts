/**
 * Every fused op that a backend offers, against its composition from that backend's primitives.
 *
 * @module
 */
import type { Backend, Tensor } from "../backend.ts";
import { rnnBackward, rnnForward } from "../cells/rnn.ts";
import { opsOf } from "../ops.ts";
import { type BackendCase, checkNumbers, checkShape, randomTensor } from "./compare.ts";

const SIZES = [[1, 1, 1], [1, 1, 4], [2, 1, 5], [3, 2, 1], [5, 3, 7], [9, 4, 64]];

/** The cases. */
export function fusedCases(): BackendCase[] {
  return SIZES.flatMap(([timeSteps, batch, hidden]) => {
    const on = `over ${timeSteps} steps, batch ${batch}, hidden ${hidden}, equals its composition`;
    const rows = timeSteps * batch;
    return [
      {
        name: `rnnForward() ${on}`,
        run: (backend: Backend) =>
          compare(backend, "rnnForward", () => {
            const inputs = randomTensor(backend, [rows, hidden], 1);
            const h0 = randomTensor(backend, [batch, hidden], 2);
            const Whh = smallWeights(backend, hidden);
            return [
              backend.rnnForward?.(inputs, h0, Whh),
              rnnForward(opsOf(backend), inputs, h0, Whh),
            ];
          }),
      },
      {
        name: `rnnBackward() ${on}`,
        run: (backend: Backend) =>
          compare(backend, "rnnBackward", () => {
            const dStates = randomTensor(backend, [rows + batch, hidden], 1);
            const states = backend.tanh(randomTensor(backend, [rows + batch, hidden], 2));
            const Whh = smallWeights(backend, hidden);
            return [
              backend.rnnBackward?.(dStates, states, Whh, batch),
              rnnBackward(opsOf(backend), dStates, states, Whh, batch),
            ];
          }),
      },
    ];
  });
}

async function compare(
  backend: Backend,
  op: string,
  run: () => [fused: Tensor | undefined, composed: Tensor],
): Promise<void> {
  const pair = backend.scope(() => {
    const [fused, composed] = run();
    return fused ? [fused, composed] : [];
  });
  if (pair.length === 0) return; // not offered: core composes it
  checkShape(pair[0].shape, pair[1].shape, op);
  const [actual, expected] = await backend.read(pair);
  checkNumbers(actual, expected, backend, op);
  backend.dispose(pair);
}

// Smaller for larger states: a recurrence that is chaotic would blow up rounding errors.
function smallWeights(backend: Backend, hidden: number): Tensor {
  return backend.scale(randomTensor(backend, [hidden, hidden], 3), 0.5 / Math.sqrt(hidden));
}
