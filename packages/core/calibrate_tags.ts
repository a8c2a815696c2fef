/**
 * Calibration of taggers: a linear baseline, and a mix of the network with it.
 *
 * @module
 */
import type { Backend } from "./backend.ts";
import { fitTagger, type TaggedWords } from "./baseline/fit_tagger.ts";
import type { LinearTagger } from "./baseline/linear_tagger.ts";
import { fitMix, leastMix, logSoftmaxRows, type Mix } from "./baseline/mixing.ts";
import { type CalibrateOptions, FEWEST_VALIDATED } from "./calibrate_labels.ts";
import { requireBoolean, requireOptions } from "./checks.ts";
import { calibrationError } from "./classification/certainty.ts";
import type { LabelCalibration } from "./classification/combine.ts";
import { labelIds } from "./classification/encode.ts";
import { logitsAndProbabilities } from "./classification/predict.ts";
import type { Example } from "./data/examples.ts";
import { crfLoss, crfMarginals, crfScores, scaledCrf, viterbi } from "./network/crf_sequences.ts";
import { networkWeights } from "./model.ts";
import { argmax } from "./network/loss.ts";
import { opsOf } from "./ops/checked_ops.ts";
import { firstItems, type Sequence, sequenceOf } from "./sequence.ts";
import { withWeights } from "./task.ts";
import { mixedLogits, tagCombiner, writtenWords } from "./tagging/combine.ts";
import { spell } from "./tagging/letters.ts";
import { splitTags, type TaggingModel } from "./tagging/model.ts";
import { tagging } from "./tagging/task.ts";
import { tokenize } from "./text/tokenizer.ts";

const MOST = 1000; // validation texts: thousands of words
const TOGETHER = 200; // texts per batch

/** Both models' scores for all words of the validation texts. */
interface Rivals {
  /** The index of each text's first word among all words, and the number of words at the end. */
  starts: number[];
  /** The right label's id for each word; -1 if the model does not know it. */
  labels: Int32Array;
  /** The network's logits. */
  network: Float64Array<ArrayBuffer>;
  /** The linear model's log-probabilities. */
  linear: Float64Array<ArrayBuffer>;
}

/**
 * Adds to a trained tagger, in place, a linear baseline fitted to the same examples and, fitted to
 * the validation examples, the weights of a mix of both. If the validation examples show that one
 * of the two does not help, its weight is 0. With a CRF, the linear model's log-probabilities are
 * added to the network's logits, scaled by its weight.
 *
 * @param examples The examples that the model was trained on.
 * @returns How predictions are now computed, where each word counts as an example; undefined, and
 *   nothing is mixed, if there are fewer than 10 words with labels that the model knows.
 *
 * @example
 * ```ts
 * import { calibrateTagger, createModel, evaluate, fit } from "@unroll/core";
 * import { createCpuBackend } from "@unroll/backend-cpu";
 * import { assertEquals } from "@std/assert";
 *
 * const examples = [{ text: "call ann", label: "O NAME" }, { text: "go", label: "O" }];
 * const model = createModel(examples, { head: "token" }), backend = createCpuBackend();
 * await fit(backend, model, examples, { epochs: 5 });
 * const validation = Array.from({ length: 40 }, (_, i) => examples[i % 2]);
 * const calibration = await calibrateTagger(backend, model, examples, { validation });
 * assertEquals(calibration?.examples, 60);
 * assertEquals((await evaluate(backend, model, examples)).alone?.linear, 1);
 * ```
 */
export async function calibrateTagger(
  backend: Backend,
  model: TaggingModel,
  examples: Sequence<Example>,
  options: CalibrateOptions = {},
): Promise<LabelCalibration | undefined> {
  requireOptions("calibrateTagger()", options, ["validation", "mix"]);
  const { validation = [], mix = true } = options;
  requireBoolean("mix", mix);
  delete model.calibration;
  model.linear = fitLinearTagger(model, examples);
  const rivals = await rivalsOn(backend, model, firstItems(validation, MOST));
  const count = rivals.labels.filter((id) => id >= 0).length;
  if (count < FEWEST_VALIDATED) return undefined;
  const chosen = model.config.crf ? crfMix(model, rivals, mix) : wordMix(rivals, mix);
  model.calibration = {
    ...{ network: chosen.network, linear: chosen.linear },
    examples: count,
    error: {
      before: errorOf(model, rivals, { network: 1, linear: 0 }),
      after: errorOf(model, rivals, chosen),
    },
  };
  return model.calibration;
}

/**
 * Fits the linear baseline of a tagger to examples.
 *
 * @example
 * ```ts
 * import { createModel, fitLinearTagger } from "@unroll/core";
 * import { assert } from "@std/assert";
 *
 * const examples = [{ text: "call ann", label: "O NAME" }, { text: "go", label: "O" }];
 * const model = createModel(examples, { head: "token" });
 * model.linear = fitLinearTagger(model, examples);
 * assert(model.linear.bias.length === 2);
 * ```
 */
export function fitLinearTagger(
  { labels, tokenizer }: Pick<TaggingModel, "labels" | "tokenizer">,
  examples: Sequence<Example>,
): LinearTagger {
  const idsOf = tagIds(labels);
  const texts = sequenceOf(examples.length, (i): TaggedWords => {
    const { text, label = "" } = examples.at(i)!;
    return { words: writtenWords(text, tokenizer), labels: idsOf(label) };
  });
  return fitTagger(texts, labels.length);
}

/** Returns a function from an example's label to its tags' ids; -1 for a tag the model lacks. */
function tagIds(labels: readonly string[]): (label: string) => number[] {
  const idOf = labelIds(labels);
  return (label) => splitTags(label).map((tag) => idOf(tag) ?? -1);
}

/** The scores of the network and of the linear model for examples. */
async function rivalsOn(
  backend: Backend,
  model: TaggingModel,
  examples: readonly Example[],
): Promise<Rivals> {
  const combine = tagCombiner(model)!, idsOf = tagIds(model.labels);
  const starts = [0], labels: number[] = [], network: Float64Array[] = [];
  const linear: Float64Array[] = [];
  await withWeights(opsOf(backend), tagging, model, async (on) => {
    for (let from = 0; from < examples.length; from += TOGETHER) {
      const some = examples.slice(from, from + TOGETHER), texts = some.map(({ text }) => text);
      const tokens = texts.map((text) => tokenize(text, model.tokenizer));
      const { ids, spellings } = spell(model, tokens.flat());
      let first = 0;
      const sentences = tokens.map(({ length }) => ids.subarray(first, first += length));
      const [y] = await logitsAndProbabilities(on, sentences, spellings);
      network.push(Float64Array.from(y));
      linear.push(combine(y, texts).linear!);
      for (const { label = "" } of some) {
        labels.push(...idsOf(label));
        starts.push(labels.length);
      }
    }
  });
  const all = (parts: Float64Array[]) => Float64Array.from(parts.flatMap((part) => [...part]));
  return {
    starts,
    labels: Int32Array.from(labels),
    network: all(network),
    linear: all(linear),
  };
}

/** The mix with the lowest cross-entropy, with each word labeled independently. */
function wordMix({ labels, network, linear }: Rivals, mixes: boolean): Mix {
  const classes = network.length / labels.length;
  const known = Array.from(labels.keys()).filter((k) => labels[k] >= 0);
  const rows = (some: Float64Array) =>
    Float64Array.from(known.flatMap((k) => [...some.subarray(k * classes, (k + 1) * classes)]));
  return fitMix({
    network: logSoftmaxRows(rows(network), classes),
    linear: mixes ? rows(linear) : undefined,
    labels: Int32Array.from(known, (k) => labels[k]),
  });
}

/** The mix with the lowest -ln p of whole label sequences. */
function crfMix(model: TaggingModel, { starts, labels, network, linear }: Rivals, mixes: boolean) {
  const own = crfScores(...networkWeights(model)), classes = model.labels.length;
  return leastMix((mix) => {
    const crf = scaledCrf(own, mix.network);
    let loss = 0;
    for (let i = 0; i + 1 < starts.length; i++) {
      const [from, to] = [starts[i] * classes, starts[i + 1] * classes];
      const y = mixedLogits(
        network.subarray(from, to),
        linear.subarray(from, to),
        mix.network,
        mix.linear,
      );
      loss += crfLoss(crf, y, labels.subarray(starts[i], starts[i + 1]));
    }
    return loss;
  }, mixes);
}

/** The expected calibration error of a mix's predictions. */
function errorOf(model: TaggingModel, rivals: Rivals, mix: Mix): number {
  const { starts, labels, network, linear } = rivals, classes = model.labels.length;
  const crf = model.config.crf
    ? scaledCrf(crfScores(...networkWeights(model)), mix.network)
    : undefined;
  const rows = mixedLogits(
    crf ? network : logSoftmaxRows(network.slice(), classes),
    linear,
    mix.network,
    mix.linear,
  );
  if (!crf) logSoftmaxRows(rows, classes);
  const probabilities: number[] = [], isRight: boolean[] = [];
  for (let i = 0; i + 1 < starts.length; i++) {
    const y = rows.subarray(starts[i] * classes, starts[i + 1] * classes);
    if (y.length === 0) continue;
    const path = crf && viterbi(crf, y), marginals = crf && crfMarginals(crf, y).marginals;
    for (let t = 0; t < y.length / classes; t++) {
      const best = path?.[t] ?? argmax(y, t, classes), right = labels[starts[i] + t];
      if (right < 0) continue;
      probabilities.push(marginals?.[t * classes + best] ?? Math.exp(y[t * classes + best]));
      isRight.push(best === right);
    }
  }
  return calibrationError(probabilities, isRight);
}
