/**
 * Recurrent dropout as dropped weights: DropConnect of Whh (Merity et al. 2017).
 *
 * @module
 */
import type { Ops, Tensor } from "../backend.ts";
import { Random, STREAMS } from "../random.ts";
import type { NetworkConfig } from "./config.ts";
import { uploadMask } from "./dropout.ts";
import { LETTERS } from "./letters.ts";
import type { Gradient, Weights } from "./weights.ts";

// A part of the stream behind those of all steps that a run could have: what dropout itself draws
// stays what it is.
const PART = 2 ** 28;

/** A pass forward, and the way back to the gradients of its weights. */
interface Way {
  backward(dOutputs: Tensor): Weights<Gradient>;
}

/** The names of the weights from state to state; what reads letters keeps its own whole. */
function recurrentNames(weights: Weights<Tensor>): string[] {
  return Object.keys(weights).filter((name) =>
    !name.startsWith(LETTERS) && name.slice(name.lastIndexOf(".") + 1).startsWith("Whh")
  );
}

/**
 * A step's pass whose states are made by Whh ⊙ M / (1 - p): M is 0 or 1, drawn once a step for all
 * sentences and all their words, so that every cell and every fused op computes as ever.
 *
 *     dL/dWhh = dL/d(Whh ⊙ M / (1 - p)) ⊙ M / (1 - p)
 */
export function withRecurrentDropout<W extends Way>(
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
      for (let i = 0; i < kept.length; i++) kept[i] = random.uniform() < p ? 0 : 1;
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
