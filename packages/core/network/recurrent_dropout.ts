/**
 * Recurrent dropout as DropConnect of Whh: it drops weights (Merity et al. 2017).
 *
 * @module
 */
import type { Ops, Tensor } from "../backend.ts";
import { Random, STREAMS } from "../random.ts";
import type { NetworkConfig } from "./config.ts";
import { uploadMask } from "./dropout.ts";
import { LETTERS } from "./letters.ts";
import type { Gradient, Weights } from "./weights.ts";

// Offset within the random stream, after the steps of any possible run, so that the draws of plain
// dropout stay the same.
const PART = 2 ** 28;

/** A forward pass, with its backward pass to the gradients of the weights. */
interface Pass {
  backward(dOutputs: Tensor): Weights<Gradient>;
}

/** Returns the names of the recurrent weights, without those of the network that reads letters. */
function recurrentNames(weights: Weights<Tensor>): string[] {
  return Object.keys(weights).filter((name) =>
    !name.startsWith(LETTERS) && name.slice(name.lastIndexOf(".") + 1).startsWith("Whh")
  );
}

/**
 * Runs a training step with Whh ⊙ M / (1 - p) in place of Whh. M is 0 or 1, drawn once per step and
 * shared by all sentences and all time steps, so that cells and fused ops need no change.
 *
 *     dL/dWhh = dL/d(Whh ⊙ M / (1 - p)) ⊙ M / (1 - p)
 */
export function withRecurrentDropout<W extends Pass>(
  ops: Ops,
  { recurrentDropout: p = 0 }: NetworkConfig,
  { seed, t }: { seed: number; t: number },
  forward: (weights: Weights<Tensor>) => W,
): (weights: Weights<Tensor>) => W {
  if (p === 0) return forward;
  return (weights) => {
    const random = new Random(seed, STREAMS.dropout, PART + t);
    const names = recurrentNames(weights);
    const masks = names.map((name) => {
      const [rows, width] = weights[name].shape;
      const kept = new Uint8Array(rows * width);
      random.fillMask(kept, p);
      return uploadMask(ops, { kept, width, scale: 1 / (1 - p) });
    });
    const dropped = { ...weights };
    for (const [i, name] of names.entries()) {
      dropped[name] = ops.multiply(weights[name], masks[i]);
    }
    const pass = forward(dropped);
    return {
      ...pass,
      backward(dOutputs) {
        const gradients = { ...pass.backward(dOutputs) };
        for (const [i, name] of names.entries()) {
          const gradient = gradients[name];
          if (!gradient) continue;
          gradients[name] = { ...gradient, values: ops.multiply(gradient.values, masks[i]) };
        }
        return gradients;
      },
    };
  };
}
