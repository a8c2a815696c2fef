/**
 * Why a model answers as it does: each word's share in the answer.
 *
 * @module
 */
import type { Backend, FloatArray } from "../backend.ts";
import { requireInteger, requireOneOf, requireOptions } from "../checks.ts";
import { allLogits, arrange } from "../classification/measure.ts";
import { sentencesOf } from "../classification/predict.ts";
import { InputError } from "../errors.ts";
import type { AnyModel } from "../model.ts";
import { opsOf } from "../ops/checked_ops.ts";
import { readAndDispose, requireFinite } from "../ops/reading.ts";
import { quote } from "../printable.ts";
import { networksOf, type Target, type Uploaded, withWeights } from "../task.ts";
import { type AnyTask, taskOf, type TaskOptions } from "../tasks.ts";
import type { TokenizerOptions } from "../text/tokenizer.ts";
import { integratedGradients } from "./integrated_gradients.ts";

/** How shares are found. */
export type ExplainMethod = "integrated-gradients" | "leave-one-out";

/** All of them, the default first. */
export const EXPLAIN_METHODS: readonly ExplainMethod[] = ["integrated-gradients", "leave-one-out"];

/** Options of {@linkcode explain}. */
export interface ExplainOptions {
  /**
   * `integrated-gradients` (Sundararajan, Taly and Yan 2017): the shares sum to the score less that of
   * a text of as many empty words, also where words act together or one says what another said.
   * `leave-one-out`: how much the score falls without the word, which is exact, but hardly at all
   * where another says the same. Default: `"integrated-gradients"`.
   */
  method?: ExplainMethod;
  /** What speaks for this label. Default: for the predicted one, or for each of several. */
  label?: string;
  /** The steps of integrated gradients at least; where they miss the sum by 1%, more. Default: 32. */
  steps?: number;
}

/** What a score rests on. */
export interface Attribution {
  /** The label that it speaks for; none of a model that predicts numbers. */
  label?: string;
  /** The log-odds of the label, ln p / (1 - p), in nats; or the predicted number. */
  score: number;
  /** The score of as many empty words; a linear model that is mixed in still has the text's own. */
  baseline: number;
  /** The share of each word, in the unit of the score: above 0 it speaks for the label. */
  shares: number[];
}

/** Why a model answers as it does. */
export interface Explanation {
  /** The text. */
  text: string;
  /** How the shares were found. */
  method: ExplainMethod;
  /** The words, or other units, as the model reads them. */
  words: string[];
  /** One for each predicted label, or for the number; none for a text without words. */
  attributions: Attribution[];
}

// Both take a time that grows with them, the second with their square.
const MAX_WORDS: Record<ExplainMethod, number> = {
  "integrated-gradients": 20_000,
  "leave-one-out": 2000,
};

/**
 * Why a model answers as it does: each word's share in the score of the predicted label, which are its
 * log-odds, or in the predicted number.
 *
 * @throws {InputError} For a model of a task that is not explained, a label that it does not have, a
 *   text that is too long, and a model whose weights overflow.
 *
 * @example
 * ```ts
 * import { createModel, explain, fit } from "@unroll/core";
 * import { createCpuBackend } from "@unroll/backend-cpu";
 * import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
 *
 * const backend = createCpuBackend();
 * const examples = [{ text: "a good film", label: "up" }, { text: "a bad film", label: "down" }];
 * const model = createModel(examples, { cell: "gru", hidden: 8 });
 * await fit(backend, model, examples, { epochs: 50, optimizer: { name: "adam" } });
 * const [{ words, attributions: [{ label, score, baseline, shares }] }] =
 *   await explain(backend, model, ["a good film"]);
 * assertEquals([words, label], [["a", "good", "film"], "up"]);
 * assert(shares[1] > shares[0] && shares[1] > shares[2]);
 * assertAlmostEquals(shares[0] + shares[1] + shares[2], score - baseline, 0.01);
 * ```
 */
export async function explain<M extends AnyModel>(
  backend: Backend,
  model: M,
  texts: readonly string[],
  { tasks, ...options }: ExplainOptions & TaskOptions = {},
): Promise<Explanation[]> {
  const task = taskOf(model, tasks);
  requireExplained(task);
  return await withWeights(
    opsOf(backend),
    task,
    model,
    (on) => explainOn(on, task, texts, options),
  );
}

/**
 * Whether {@linkcode explain} takes a model: one that gives whole texts labels or numbers.
 *
 * @example
 * ```ts
 * import { canExplain, createModel } from "@unroll/core";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(canExplain(createModel([{ text: "a b", label: "A B" }], { head: "token" })), false);
 * ```
 */
export function canExplain(model: AnyModel, { tasks }: TaskOptions = {}): boolean {
  return taskOf(model, tasks).targets !== undefined;
}

/** Throws where models of a task are not explained. */
function requireExplained({ targets, models }: AnyTask): void {
  if (!targets) {
    throw new InputError(`${models} cannot say why: their answers have no shares of words`);
  }
}

/** The same of a model whose weights are on a device. */
async function explainOn(
  on: Uploaded<AnyModel>,
  task: AnyTask,
  texts: readonly string[],
  options: ExplainOptions,
): Promise<Explanation[]> {
  requireOptions("explain()", options, ["method", "label", "steps"]);
  const { method = EXPLAIN_METHODS[0], label, steps = 32 } = options;
  requireOneOf("the method", method, EXPLAIN_METHODS);
  requireInteger("the number of steps", steps, 1);
  const model = on.model as AnyModel & { tokenizer: TokenizerOptions };
  const { tokens, sentences } = sentencesOf(model, texts);
  const answers = await task.predict!(on, texts);
  const explanations: Explanation[] = [];
  for (const [i, text] of texts.entries()) {
    const ids = sentences[i], words = tokens[i];
    requireShort(text, words.length, method);
    const attributions: Attribution[] = [];
    if (words.length > 0) {
      const empty = new Int32Array(words.length).fill(NO_WORD);
      const [whole, without] = await outputsOf(on, [ids, empty]);
      for (const target of task.targets!(model, answers[i], label)) {
        const score = target.score(whole), baseline = target.score(without);
        const shares = method === "leave-one-out"
          ? await leaveOneOut(on, ids, target, score)
          : await integratedGradients(on, ids, target, { difference: score - baseline, steps });
        const named = target.label === undefined ? {} : { label: target.label };
        attributions.push({ ...named, score, baseline, shares: [...shares] });
      }
    }
    explanations.push({ text, method, words, attributions });
  }
  return explanations;
}

const NO_WORD = -1; // its input is 0

function requireShort(text: string, words: number, method: ExplainMethod): void {
  const most = MAX_WORDS[method];
  if (words <= most) return;
  throw new InputError(
    `the text ${quote(text)} has ${words} words; ${method} takes at most ${most}; give less of it`,
  );
}

/** A row of outputs for each sentence. */
async function outputsOf(
  on: Uploaded<AnyModel>,
  sentences: readonly Int32Array[],
): Promise<FloatArray[]> {
  const { ops, model } = on;
  const [y] = await readAndDispose(
    ops,
    ops.scope(() => [allLogits(ops, model.config, networksOf(on), arrange(ops, model, sentences))]),
  );
  requireFinite(y);
  const width = y.length / sentences.length;
  return sentences.map((_, i) => y.subarray(i * width, (i + 1) * width));
}

const TOGETHER = 256; // texts that are on the device at once

/** How much a score falls without each word. A text of one word is empty without it: a word of zeros. */
async function leaveOneOut(
  on: Uploaded<AnyModel>,
  ids: Int32Array,
  target: Target,
  score: number,
): Promise<number[]> {
  const shares: number[] = [];
  for (let first = 0; first < ids.length; first += TOGETHER) {
    const some = Array.from(
      { length: Math.min(TOGETHER, ids.length - first) },
      (_, k) => ids.length > 1 ? ids.filter((_, t) => t !== first + k) : Int32Array.of(NO_WORD),
    );
    for (const outputs of await outputsOf(on, some)) shares.push(score - target.score(outputs));
  }
  return shares;
}
