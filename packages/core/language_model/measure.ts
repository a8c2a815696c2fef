/**
 * How well a language model foretells documents.
 *
 * @module
 */
import type { Tensor } from "../backend.ts";
import { createBatch } from "../batch.ts";
import type { State } from "../cells/cell.ts";
import { argmax, type Metrics } from "../evaluate.ts";
import { crossEntropy } from "../loss.ts";
import type { EncodedExample } from "../model.ts";
import { forward } from "../network.ts";
import type { NetworkConfig, Weights } from "../network_config.ts";
import type { Ops } from "../ops.ts";
import { targetsOf } from "../step.ts";
import { carriedStates, finalStates, freshStates, tensorsOf } from "./carry.ts";
import { cutStreams } from "./streams.ts";

const STREAMS = 8; // that are read side by side; each but the first begins without a past
const TIME_STEPS = 64;

/** The mean loss in nats a symbol, and the share of symbols that were foretold as the likeliest. */
export async function measureDocuments(
  ops: Ops,
  config: NetworkConfig,
  weights: Weights<Tensor>,
  documents: readonly EncodedExample[],
): Promise<Metrics> {
  const words = (weights.embedding ?? weights.Wxh).shape[0], labels = weights.by.shape[1];
  const batches = cutStreams(documents, STREAMS, TIME_STEPS);
  let states: State[] = [];
  const size = batches[0].examples.length;
  ops.scope(() => tensorsOf(states = freshStates(ops, config, size)));
  let loss = 0, right = 0, count = 0;
  try {
    for (const { examples, fresh, timeSteps } of batches) {
      const targets = targetsOf(config, examples, timeSteps);
      const before = states;
      const [losses, logits] = ops.scope(() => {
        const batch = createBatch(
          ops,
          config,
          examples.map((each) => each.words),
          words,
          timeSteps,
        );
        const initial = carriedStates(ops, before, fresh);
        const pass = forward(ops, config, weights, batch, { initial });
        states = finalStates(ops, pass.layers, size);
        const targetIds = ops.indices(targets, labels);
        return [crossEntropy(ops, pass.logits, targetIds), pass.logits, ...tensorsOf(states)];
      });
      ops.dispose(tensorsOf(before));
      const reading = ops.read([losses, logits]);
      ops.dispose([losses, logits]);
      const [l, y] = await reading;
      for (const [i, target] of targets.entries()) {
        if (target < 0) continue;
        loss += l[i];
        count++;
        if (argmax(y, i, labels) === target) right++;
      }
    }
  } finally {
    ops.dispose(tensorsOf(states));
  }
  return { loss: loss / count, accuracy: right / count };
}
