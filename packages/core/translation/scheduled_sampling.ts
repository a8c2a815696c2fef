/**
 * Scheduled sampling: training on the decoder's own predictions.
 *
 * @module
 */
import type { Ops, Tensor } from "../backend.ts";
import { argmaxKnown } from "../network/loss.ts";
import type { NetworkConfig } from "../network/config.ts";
import type { Weights } from "../network/weights.ts";
import type { Random } from "../random.ts";
import { Decoder, disposeSources, readSources } from "./decode.ts";
import type { Pairs } from "./pairs.ts";

/**
 * Returns the decoder's inputs under partial teacher forcing: at the remaining steps it reads the
 * symbol that it predicted itself (scheduled sampling; Bengio et al., 2015).
 *
 * @param teacherForcing The teacher-forcing ratio, from 0 to 1: the expected fraction of steps
 *   after the first that read the target's symbol.
 */
export async function scheduledSampling(
  ops: Ops,
  config: NetworkConfig,
  weights: Weights<Tensor>,
  { sources, symbols, inputs, targetSteps }: Pairs,
  teacherForcing: number,
  random: Random,
): Promise<Int32Array[]> {
  const targets = weights.by.shape[1];
  const own = inputs.map((each) => each.slice());
  const read = readSources(ops, config, weights, sources, symbols);
  const decoder = new Decoder(ops, config, weights, read);
  try {
    for (let t = 0; t + 1 < targetSteps; t++) {
      const { logits } = await decoder.step(own.map((each) => each[t] ?? -1), false);
      for (const [i, each] of own.entries()) {
        if (t + 1 < each.length && random.uniform() >= teacherForcing) {
          each[t + 1] = argmaxKnown(logits, i, targets);
        }
      }
    }
  } finally {
    decoder.dispose();
    disposeSources(ops, read);
  }
  return own;
}
