/**
 * What a model says of texts, and how often it is right.
 *
 * @module
 */
import type { Backend, FloatArray, Indices, Tensor } from "../backend.ts";
import { type Example, requireLength } from "../data/examples.ts";
import { countPairs, matrixOf } from "./confusion.ts";
import { InputError } from "../errors.ts";
import { crossEntropy } from "../network/loss.ts";
import { type EncodedExample, encodeExamples, type Model, requireTask } from "../model.ts";
import { readAndDispose, requireFinite, withWeights } from "../inference.ts";
import { type Batch, batchHandles, createBatch } from "../network/batch.ts";
import { forward } from "../network/network.ts";
import type { NetworkConfig, Weights } from "../network/config.ts";
import { type Ops, opsOf } from "../ops/checked_ops.ts";
import { tokenize } from "../text/tokenizer.ts";
import { encode, indexWords } from "../text/vocabulary.ts";

/** How well a model does. */
export interface Metrics {
  /** The mean cross-entropy, in nats. */
  loss: number;
  /**
   * The share of examples it gets right, from 0 to 1; of symbols, for a model that gives these one
   * by one, each foretold from the right ones before it.
   */
  accuracy: number;
  /** For a model that translates, the share of examples it gets right whole, by itself. */
  exact?: number;
}

/** What {@linkcode evaluate} finds for one label. */
export interface LabelMetrics {
  /** The label. */
  label: string;
  /** Of the examples given this label, the share that has it; NaN where none is given it. */
  precision: number;
  /** Of the examples that have this label, the share given it; NaN where none has it. */
  recall: number;
  /** The harmonic mean of precision and recall, 2 TP / (2 TP + FP + FN); NaN for 0 / 0. */
  f1: number;
  /** How many examples have the label. */
  support: number;
}

/** A verdict that is wrong. */
export interface WrongVerdict {
  /** The text. */
  text: string;
  /** The word in it that has the verdict, for a model that labels words. */
  word?: string;
  /** The right label. */
  truth: string;
  /** The label given. */
  verdict: string;
  /** How probable the model holds it. */
  probability: number;
}

/** What {@linkcode evaluate} finds. */
export interface Evaluation extends Metrics {
  /** One entry for each label, in the order of the model's labels. */
  labels: LabelMetrics[];
  /**
   * `confusion[i][j]`: how many examples of label i are given label j. Left out for more than 200
   * labels; `confused` has every pair that occurs.
   */
  confusion?: number[][];
  /** How many texts have no word that the model knows. */
  unknownTexts: number;
  /** The commonest label, and the accuracy of giving it to all. */
  majority: { label: string; accuracy: number };
  /** The pairs of labels that are mistaken for each other, the commonest first. */
  confused: { truth: string; verdict: string; count: number }[];
  /** The wrong verdicts that the model is surest of, the surest first. */
  wrong: WrongVerdict[];
}

/** What a model says of a text. */
export interface Verdict {
  /** The text. */
  text: string;
  /** The likeliest label. */
  label: string;
  /** The probability of each label; they sum to one. */
  probabilities: Record<string, number>;
  /** The logits y, in the order of the model's labels. */
  logits: number[];
  /** How many words the text has. */
  words: number;
  /** Those that the model does not know; if that is all of them, the verdict means nothing. */
  unknownWords: string[];
}

// So many wrong verdicts are told.
const MAX_WRONG = 10;

const MAX_CONFUSION = 200; // labels of a whole confusion matrix

// So many sentences share one forward pass.
const BATCH_SIZE = 16;

/**
 * What a model says of each text.
 *
 * @throws {InputError} For a text of more than 100,000 characters, a model of another task, and one
 *   whose weights overflow.
 *
 * @example
 * ```ts
 * import { createModel, predict } from "@unroll/core";
 * import { createCpuBackend } from "@unroll/backend-cpu";
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 *
 * const model = createModel([{ text: "good", label: "up" }, { text: "bad", label: "down" }]);
 * const [verdict] = await predict(createCpuBackend(), model, ["very good"]);
 * assertAlmostEquals(verdict.probabilities.up + verdict.probabilities.down, 1, 1e-6);
 * assertEquals([verdict.words, verdict.unknownWords], [2, ["very"]]);
 * ```
 */
export async function predict(
  backend: Backend,
  model: Model,
  texts: readonly string[],
): Promise<Verdict[]> {
  requireTask(model, "classification");
  if (model.config.head === "token") {
    throw new InputError("this model labels each word of a text; ask it with tag()");
  }
  if (texts.length === 0) return [];
  for (const text of texts) requireLength(text);
  const ops = opsOf(backend);
  const tokens = texts.map((text) => tokenize(text, model.tokenizer));
  const index = indexWords(model.vocabulary);
  const sentences = tokens.map((words) => encode(words, index));
  const classes = model.labels.length;
  const [y, p] = await withWeights(ops, model, (weights) =>
    readAndDispose(
      ops,
      ops.scope(() => {
        const logits = allLogits(ops, model.config, weights, arrange(ops, model, sentences));
        return [logits, ops.softmax(logits)];
      }),
    ));
  requireFinite(y);
  return texts.map((text, i) => {
    const row = [...p.subarray(i * classes, (i + 1) * classes)];
    return {
      text,
      label: model.labels[argmax(p, i, classes)],
      probabilities: Object.fromEntries(model.labels.map((label, c) => [label, row[c]])),
      logits: [...y.subarray(i * classes, (i + 1) * classes)],
      words: tokens[i].length,
      unknownWords: tokens[i].filter((_, t) => sentences[i][t] === 0),
    };
  });
}

/**
 * How well a model does on examples, label by label.
 *
 * @throws {InputError} Where there is no example, one cannot be used, or the model is of another
 *   task or its weights overflow.
 *
 * @example
 * ```ts
 * import { createModel, evaluate } from "@unroll/core";
 * import { createCpuBackend } from "@unroll/backend-cpu";
 * import { assertEquals } from "@std/assert";
 *
 * const examples = [{ text: "good", label: "up" }, { text: "bad", label: "down" }];
 * const { confusion } = await evaluate(createCpuBackend(), createModel(examples), examples);
 * assertEquals(confusion!.flat().reduce((a, b) => a + b), 2);
 * ```
 */
export async function evaluate(
  backend: Backend,
  model: Model,
  examples: readonly Example[],
): Promise<Evaluation> {
  requireTask(model, "classification");
  if (examples.length === 0) throw new InputError("there are no examples to measure with");
  const encoded = encodeExamples(model, examples);
  const ops = opsOf(backend);
  const { loss, accuracy, predicted, probabilities } = await withWeights(ops, model, (weights) => {
    let result: ReturnType<typeof measure>;
    ops.scope(() => {
      const set = createMeasureSet(ops, model, encoded);
      result = measure(ops, model.config, weights, set, { check: requireFinite });
      return [];
    });
    return result!;
  });

  const truth = encoded.flatMap(({ labels }) => [...labels]);
  const counts = countPairs(truth, predicted, model.labels.length);
  const labels = model.labels.map((label, c) => {
    const right = counts.right[c], support = counts.truth[c], given = counts.predicted[c];
    return {
      label,
      precision: right / given,
      recall: right / support,
      f1: 2 * right / (given + support),
      support,
    };
  });
  const unknownTexts = encoded.filter(({ words }) => words.every((id) => id === 0)).length;
  const commonest = argmax(counts.truth, 0, counts.truth.length);
  const majority = {
    label: model.labels[commonest],
    accuracy: counts.truth[commonest] / truth.length,
  };
  const pairs = counts.pairs.map(([i, j, count]) => ({ i, j, count }));
  const confused = pairs.filter(({ i, j }) => i !== j)
    .map(({ i, j, count }) => ({ truth: model.labels[i], verdict: model.labels[j], count }))
    .sort((a, b) => b.count - a.count);
  const wrong = truth.map((_, i) => i).filter((i) => predicted[i] !== truth[i])
    .sort((i, j) => probabilities[j] - probabilities[i]).slice(0, MAX_WRONG);
  const owner = encoded.flatMap(({ labels }, i) => Array.from(labels, (_, t) => [i, t]));
  return {
    loss,
    accuracy,
    labels,
    ...(labels.length <= MAX_CONFUSION ? { confusion: matrixOf(counts) } : {}),
    unknownTexts,
    majority,
    confused,
    wrong: wrong.map((target) => {
      const [i, t] = owner[target];
      const { text } = examples[i];
      return {
        text,
        ...(model.config.head === "token" ? { word: tokenize(text, model.tokenizer)[t] } : {}),
        truth: model.labels[truth[target]],
        verdict: model.labels[predicted[target]],
        probability: probabilities[target],
      };
    }),
  };
}

/** Examples on a device, to be measured any number of times. */
export interface MeasureSet {
  /** The sentences. */
  arranged: Arranged;
  /** The right label of each target. */
  truth: number[];
  /** The same, on the device. */
  labels: Indices;
}

/** Puts examples on a device, in the open scope. */
export function createMeasureSet(
  ops: Ops,
  model: Model,
  examples: readonly EncodedExample[],
): MeasureSet {
  const truth = examples.flatMap(({ labels }) => [...labels]);
  const arranged = arrange(ops, model, examples.map(({ words }) => words));
  return { arranged, truth, labels: ops.indices(truth, model.labels.length) };
}

/** All that a set has on the device. */
export function handlesOf({ arranged, labels }: MeasureSet): (Tensor | Indices)[] {
  const { batches, rows } = arranged;
  return [labels, rows, ...batches.flatMap(batchHandles)];
}

/**
 * Loss, accuracy, and the label id given to each target with its probability: to each example, or
 * for the head `token` to each word. The weights may be disposed of at once.
 *
 * @param options `labelWeights`, what each label's losses count in the loss; without, all the same;
 *   `check`, which is given the logits and the sum of all losses, and may throw.
 */
export async function measure(
  ops: Ops,
  config: NetworkConfig,
  weights: Weights<Tensor>,
  { arranged, truth, labels }: MeasureSet,
  { labelWeights, check }: {
    labelWeights?: readonly number[];
    check?: (numbers: FloatArray, what?: string) => void;
  } = {},
): Promise<Metrics & { predicted: number[]; probabilities: number[] }> {
  const classes = weights.by.shape[1];
  const [logits, losses] = ops.scope(() => {
    const logits = allLogits(ops, config, weights, arranged);
    return [logits, crossEntropy(ops, logits, labels)];
  });
  const [l, y] = await readAndDispose(ops, [losses, logits]);
  check?.(y);
  const predicted = truth.map((_, i) => argmax(y, i, classes));
  let loss = 0, total = 0, right = 0;
  for (let i = 0; i < truth.length; i++) {
    const weight = labelWeights?.[truth[i]] ?? 1;
    loss += weight * l[i];
    total += weight;
    if (predicted[i] === truth[i]) right++;
  }
  // -ln p of the right label is its loss, and ln of a quotient of two p the difference of their y.
  const probabilities = predicted.map((label, i) =>
    Math.exp(y[i * classes + label] - y[i * classes + truth[i]] - l[i])
  );
  check?.(Float64Array.of(loss), "losses");
  return { loss: loss / total, accuracy: right / truth.length, predicted, probabilities };
}

/** The column of the largest number in a row. */
export function argmax(values: FloatArray, row: number, columns: number): number {
  let best = 0;
  for (let j = 1; j < columns; j++) {
    if (values[row * columns + j] > values[row * columns + best]) best = j;
  }
  return best;
}

/** The likeliest symbol of a row of logits; never the unknown one, as it is none to write. */
export function likeliest(logits: FloatArray, row: number, symbols: number): number {
  const known = logits.subarray(row * symbols + 1, (row + 1) * symbols) as FloatArray;
  return 1 + argmax(known, 0, symbols - 1);
}

/** Sentences on a device. */
export interface Arranged {
  /** Those of like length together, so that padding costs little. */
  batches: Batch[];
  /** The row of each target, in the order of the sentences, among the logits of all batches. */
  rows: Indices;
}

/** Puts sentences on a device, in the open scope. */
export function arrange(
  ops: Ops,
  { config, vocabulary }: Model,
  sentences: readonly Int32Array[],
): Arranged {
  const order = sentences.map((_, i) => i).sort((i, j) =>
    sentences[i].length - sentences[j].length
  );
  const batches: Batch[] = [];
  const places: number[][] = sentences.map(() => []); // of a sentence's rows among all
  let rows = 0;
  for (let start = 0; start < order.length; start += BATCH_SIZE) {
    const some = order.slice(start, start + BATCH_SIZE);
    const batch = createBatch(ops, config, some.map((i) => sentences[i]), vocabulary.length);
    for (const [column, i] of some.entries()) {
      const count = config.head === "token" ? sentences[i].length : 1;
      for (let t = 0; t < count; t++) places[i].push(rows + t * some.length + column);
    }
    rows += config.head === "token" ? batch.words.length : some.length;
    batches.push(batch);
  }
  return { batches, rows: ops.indices(places.flat(), rows) };
}

/** The logits of each sentence, or for the head `token` of each word. */
export function allLogits(
  ops: Ops,
  config: NetworkConfig,
  weights: Weights<Tensor>,
  { batches, rows }: Arranged,
): Tensor {
  const parts = batches.flatMap((batch) =>
    ops.scope(() => [forward(ops, config, weights, batch).logits])
  );
  return ops.gatherRows(ops.concatRows(parts), rows);
}
