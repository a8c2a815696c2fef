/**
 * How well a language model foretells documents.
 *
 * @module
 */
import type { Backend, FloatArray, Tensor } from "../backend.ts";
import { createBatch } from "../network/batch.ts";
import type { State } from "../network/cells/cell.ts";
import type { Example } from "../data/examples.ts";
import { InputError } from "../errors.ts";
import { argmax, type Metrics } from "../classification/evaluate.ts";
import { readAndDispose, requireFinite, withWeights } from "../inference.ts";
import { crossEntropy } from "../network/loss.ts";
import { type EncodedExample, encodeExamples, type Model, requireTask } from "../model.ts";
import { forward } from "../network/network.ts";
import type { NetworkConfig, Weights } from "../network/config.ts";
import { type Ops, opsOf } from "../ops/checked_ops.ts";
import { targetsOf } from "../training/step.ts";
import { carriedStates, finalStates, freshStates, tensorsOf } from "../network/states.ts";
import { cutStreams, symbolsIn } from "./streams.ts";

const MOST_STREAMS = 32; // that are read side by side
const STREAM_LENGTH = 4096; // at least, as each begins without a past
const TIME_STEPS = 64;

/**
 * How well a language model foretells texts: its loss in nats a symbol, and the share of symbols
 * that it foretells as the likeliest. The loss divided by ln 2 is in bits, and e to it is the
 * perplexity.
 *
 * @throws {InputError} For a model of another task, one whose weights overflow, and a text without
 *   symbols.
 *
 * @example
 * ```ts
 * import { createLanguageModel, evaluateLanguageModel } from "@unroll/core";
 * import { createCpuBackend } from "@unroll/backend-cpu";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const examples = [{ text: "abracadabra", label: "" }];
 * const model = createLanguageModel(examples, { hidden: 8 });
 * const { loss, symbols } = await evaluateLanguageModel(createCpuBackend(), model, examples);
 * assertAlmostEquals(loss, Math.log(6), 0.5); // it knows nothing of the five letters yet
 * assertAlmostEquals(symbols, 11);
 * ```
 */
export async function evaluateLanguageModel(
  backend: Backend,
  model: Model,
  examples: readonly Example[],
): Promise<Metrics & { symbols: number }> {
  requireTask(model, "language-model");
  if (examples.length === 0) throw new InputError("there are no texts to measure with");
  const documents = encodeExamples(model, examples);
  const ops = opsOf(backend);
  const metrics = await withWeights(
    ops,
    model,
    (weights) => measureDocuments(ops, model.config, weights, documents, requireFinite),
  );
  return { ...metrics, symbols: symbolsIn(documents) };
}

/** How many streams so many symbols are measured in. */
export function streamsFor(symbols: number): number {
  return Math.max(1, Math.min(MOST_STREAMS, Math.floor(symbols / STREAM_LENGTH)));
}

/**
 * The mean loss in nats a symbol, and the share of symbols that were foretold as the likeliest.
 *
 * @param check Is given each symbol's logits and the sum of all losses, and may throw.
 */
export async function measureDocuments(
  ops: Ops,
  config: NetworkConfig,
  weights: Weights<Tensor>,
  documents: readonly EncodedExample[],
  check?: (numbers: FloatArray, what?: string) => void,
): Promise<Metrics> {
  const words = (weights.embedding ?? weights.Wxh).shape[0], labels = weights.by.shape[1];
  const batches = cutStreams(documents, streamsFor(symbolsIn(documents)), TIME_STEPS);
  let states: State[] = [];
  const size = batches[0].examples.length;
  ops.scope(() => tensorsOf(states = freshStates(ops, config, size)));
  let loss = 0, right = 0, count = 0;
  try {
    for (const { examples, fresh, timeSteps } of batches) {
      const targets = targetsOf(config, examples, timeSteps);
      const before = states;
      let after: State[] = [];
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
        after = finalStates(ops, pass.layers, size);
        const targetIds = ops.indices(targets, labels);
        return [crossEntropy(ops, pass.logits, targetIds), pass.logits, ...tensorsOf(after)];
      });
      states = after;
      ops.dispose(tensorsOf(before));
      const [l, y] = await readAndDispose(ops, [losses, logits]);
      for (const [i, target] of targets.entries()) {
        if (target < 0) continue;
        check?.(y.subarray(i * labels, (i + 1) * labels) as FloatArray);
        loss += l[i];
        count++;
        if (argmax(y, i, labels) === target) right++;
      }
    }
  } finally {
    ops.dispose(tensorsOf(states));
  }
  check?.(Float64Array.of(loss), "losses");
  return { loss: loss / count, accuracy: right / count };
}
