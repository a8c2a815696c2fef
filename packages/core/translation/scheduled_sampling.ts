/**
 * Training on the decoder's own symbols.
 *
 * @module
 */
import type { Tensor } from "../backend.ts";
import { likeliest } from "../classification/evaluate.ts";
import type { NetworkConfig, Weights } from "../network/config.ts";
import type { Ops } from "../ops/checked_ops.ts";
import type { Random } from "../random.ts";
import { Decoder, disposeSources, readSources } from "./decode.ts";
import type { Pairs } from "./training.ts";

/**
 * What the decoder reads where teachers force it in a share of its steps alone: in the others it
 * reads the symbol that it would have given itself (scheduled sampling; Bengio et al., 2015).
 *
 * @param share From 0 to 1, of the steps after the start in which the right symbol is read.
 */
export async function ownSymbols(
  ops: Ops,
  config: NetworkConfig,
  weights: Weights<Tensor>,
  { sources, symbols, inputs, targetSteps }: Pairs,
  share: number,
  random: Random,
): Promise<Int32Array[]> {
  const targets = weights.by.shape[1];
  const own = inputs.map((each) => each.slice());
  const read = readSources(ops, config, weights, sources, symbols);
  const decoder = new Decoder(ops, config, weights, read);
  try {
    for (let t = 0; t + 1 < targetSteps; t++) {
      const { logits } = await decoder.step(own.map((each) => each[t] ?? -1));
      for (const [i, each] of own.entries()) {
        if (t + 1 < each.length && random.uniform() >= share) {
          each[t + 1] = likeliest(logits, i, targets);
        }
      }
    }
  } finally {
    decoder.dispose();
    disposeSources(ops, read);
  }
  return own;
}
