/**
 * Explanations of predictions: how much each word contributes.
 *
 * @module
 */
import type { Backend } from "../backend.ts";
import { requireInteger, requireOneOf, requireOptions } from "../checks.ts";
import { InputError } from "../errors.ts";
import type { AnyModel } from "../model.ts";
import { createPredictor, type PredictionOf, type Predictor, uploadedOf } from "../predictor.ts";
import { quote } from "../printable.ts";
import type { ExplainedText, Target } from "../reasons.ts";
import type { Uploaded } from "../task.ts";
import { type AnyTask, taskOf, type TaskOptions } from "../tasks.ts";
import { integratedGradients } from "./integrated_gradients.ts";
import { leaveOneOut } from "./leave_one_out.ts";
import { mixedOutputs } from "./mixed_outputs.ts";
import { evenly, outputsOf } from "./passes.ts";
import { type AnyReasons, reasonsOf } from "./reasons_table.ts";

/** The attribution methods. */
export type ExplainMethod = "integrated-gradients" | "leave-one-out";

/** All attribution methods, the default first. */
export const EXPLAIN_METHODS: readonly ExplainMethod[] = ["integrated-gradients", "leave-one-out"];

/** Options of {@linkcode explain}. */
export interface ExplainOptions {
  /**
   * The attribution method. `integrated-gradients` (Sundararajan, Taly and Yan 2017): the shares
   * sum to the score minus that of equally many empty words, even if words interact or are
   * redundant. `leave-one-out`: how much the score falls without the word. This is exact, but close
   * to 0 if another word is redundant with it; a tagger reads an empty word in its place. Default:
   * `"integrated-gradients"`.
   */
  method?: ExplainMethod;
  /** The label to explain. Default: the predicted label, or each of several. */
  label?: string;
  /**
   * The index of the word whose tag to explain, for a tagger. Default: the tags of each entity, or
   * each tag if the tags mark no entities.
   */
  word?: number;
  /**
   * The minimum number of steps of integrated gradients; more are used if the sum is off by more
   * than 1%. Default: 32, or 8 for a tagger, which predicts a tag for each word.
   */
  steps?: number;
}

/** The contributions of a text's words to a score. */
export interface Attribution {
  /** The label or the type of the entity; undefined for a model that predicts numbers. */
  label?: string;
  /** The words with that tag, from `start` to before `end`; undefined for the whole text. */
  about?: { start: number; end: number };
  /** The log-odds of the label, ln(p / (1 - p)), in nats; or the predicted number. */
  score: number;
  /** The score of equally many empty words, in which a linear model finds no features. */
  baseline: number;
  /** The contribution of each word, in the unit of the score; a positive one supports the label. */
  shares: number[];
}

/** The explanation of a prediction. */
export interface Explanation {
  /** The text. */
  text: string;
  /** The attribution method. */
  method: ExplainMethod;
  /**
   * The words, or other units, as the model reads them; if a linear model is mixed in, also
   * punctuation and words that the network does not read.
   */
  words: string[];
  /**
   * The attributions: one for each predicted label, for each entity or tag, or for the number;
   * empty for a text without words.
   */
  attributions: Attribution[];
}

// The time grows linearly with the words for integrated gradients, quadratically for leave-one-out.
const MAX_WORDS: Record<ExplainMethod, number> = {
  "integrated-gradients": 20_000,
  "leave-one-out": 2000,
};
const STEPS = 32, STEPS_OF_TAGS = 8;
const MAX_TAGGED = 40_000; // the words of a text times its tags, as the time grows with both

/**
 * Explains predictions: computes the contribution of each word to the log-odds of the predicted
 * label, or to the predicted number.
 *
 * @throws {InputError} If models of the task cannot be explained, the model does not have the
 *   label, a text is too long, or the model's weights overflow.
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
  requireReasons(taskOf(model, tasks));
  const predictor = createPredictor(backend, model, { tasks });
  try {
    const answers = await predictor.predict(texts as Parameters<typeof predictor.predict>[0]);
    return await explainAnswers(predictor, texts, answers, { tasks, ...options });
  } finally {
    predictor.close();
  }
}

/**
 * Returns whether {@linkcode explain} supports a model: one that predicts labels for texts or
 * words, or numbers for texts.
 *
 * @example
 * ```ts
 * import { canExplain, createLanguageModel } from "@unroll/core";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(canExplain(createLanguageModel([{ text: "abc" }])), false);
 * ```
 */
export function canExplain(model: AnyModel, { tasks }: TaskOptions = {}): boolean {
  return reasonsOf(taskOf(model, tasks)) !== undefined;
}

/** Returns how models of a task are explained, or throws if they cannot be. */
function requireReasons(task: AnyTask): AnyReasons {
  const reasons = reasonsOf(task);
  if (reasons) return reasons;
  throw new InputError(`${task.models} cannot be explained: they have no shares of words`);
}

/**
 * Explains existing predictions: the same as {@linkcode explain}, with a predictor whose weights
 * are already on the device.
 *
 * @param answers The predictions of the predictor for `texts`.
 * @throws {InputError} If `explain` would throw.
 *
 * @example
 * ```ts
 * import { createModel, createPredictor, explainAnswers } from "@unroll/core";
 * import { createCpuBackend } from "@unroll/backend-cpu";
 * import { assertEquals } from "@std/assert";
 *
 * const model = createModel([{ text: "good", label: "up" }, { text: "bad", label: "down" }]);
 * using predictor = createPredictor(createCpuBackend(), model);
 * const texts = ["very good"], answers = await predictor.predict(texts);
 * const [{ attributions: [{ label }] }] = await explainAnswers(predictor, texts, answers);
 * assertEquals(label, answers[0].label);
 * ```
 */
export async function explainAnswers<M extends AnyModel>(
  predictor: Predictor<M>,
  texts: readonly string[],
  answers: readonly PredictionOf<M>[],
  { tasks, ...options }: ExplainOptions & TaskOptions = {},
): Promise<Explanation[]> {
  const reasons = requireReasons(taskOf(predictor.model, tasks));
  return await explainOn(uploadedOf(predictor), reasons, texts, answers, options);
}

/** Explains the predictions of a model whose weights are on a device. */
async function explainOn(
  on: Uploaded<AnyModel>,
  reasons: AnyReasons,
  texts: readonly string[],
  answers: readonly unknown[],
  options: ExplainOptions,
): Promise<Explanation[]> {
  requireOptions("explain()", options, ["method", "label", "word", "steps"]);
  const { method = EXPLAIN_METHODS[0], label, word, steps } = options;
  requireOneOf("the method", method, EXPLAIN_METHODS);
  if (steps !== undefined) requireInteger("the number of steps", steps, 1);
  if (word !== undefined) requireInteger("the index of a word", word, 0);
  const explanations: Explanation[] = [];
  for (const [i, text] of texts.entries()) {
    const read: ExplainedText = reasons.read(on.model, text), { words } = read;
    requireShort(text, method === "leave-one-out" ? words.length : read.ids.length, method);
    const targets: Target[] = read.ids.length > 0
      ? await reasons.targets(on, answers[i], { label, word })
      : [];
    const tagged = words.length * targets.filter(({ about }) => about).length;
    if (tagged > MAX_TAGGED) throw tooLong(text, words.length, Math.floor(Math.sqrt(MAX_TAGGED)));
    const settled = steps ?? (tagged > 0 ? STEPS_OF_TAGS : STEPS);
    explanations.push({
      ...{ text, method, words },
      attributions: await attributionsOf(on, read, targets, { method, steps: settled }),
    });
  }
  return explanations;
}

/** Computes the contributions of a text's words to scores. */
async function attributionsOf(
  on: Uploaded<AnyModel>,
  read: ExplainedText,
  targets: readonly Target[],
  { method, steps }: { method: ExplainMethod; steps: number },
): Promise<Attribution[]> {
  if (targets.length === 0) return [];
  const alphas = [1, 0], scales = alphas.map((alpha) => evenly(read.ids.length, alpha));
  const [whole, without] = (await outputsOf(on, read, scales))
    .map((outputs, k) => mixedOutputs(read.mix, outputs, alphas[k]));
  const scored = targets.map((target) => {
    const score = target.score(whole), baseline = target.score(without);
    return { target, score, baseline, difference: score - baseline };
  });
  const shares = method === "leave-one-out"
    ? await leaveOneOut(on, read, scored)
    : await integratedGradients(on, read, scored, steps);
  return scored.map(({ target: { label, about }, score, baseline }, i) => ({
    ...(label === undefined ? {} : { label }),
    ...(about === undefined ? {} : { about }),
    ...{ score, baseline, shares: [...shares[i]] },
  }));
}

function requireShort(text: string, words: number, method: ExplainMethod): void {
  const most = MAX_WORDS[method];
  if (words > most) throw tooLong(text, words, most, method);
}

function tooLong(text: string, words: number, most: number, what = "explaining all tags") {
  return new InputError(
    `the text ${quote(text)} has ${words} words; ${what} supports at most ${most}; shorten it`,
  );
}
