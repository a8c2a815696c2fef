/**
 * Why a model answers as it does: each word's share in the answer.
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
   * where another says the same; a tagger has an empty word in its place. Default:
   * `"integrated-gradients"`.
   */
  method?: ExplainMethod;
  /** What speaks for this label. Default: for the predicted one, or for each of several. */
  label?: string;
  /**
   * The place of a word, of a tagger: what speaks for its tag. Default: for the tags of each entity,
   * or where tags mark none, for each tag.
   */
  word?: number;
  /**
   * The steps of integrated gradients at least; where they miss the sum by 1%, more. Default: 32, and
   * 8 for a tagger, which answers for each word.
   */
  steps?: number;
}

/** What a score rests on. */
export interface Attribution {
  /** The label that it speaks for, or an entity's type; none of a model that predicts numbers. */
  label?: string;
  /** The words that it is about, the first and behind the last; none where it is the whole text. */
  about?: { start: number; end: number };
  /** The log-odds of the label, ln p / (1 - p), in nats; or the predicted number. */
  score: number;
  /** The score of as many empty words, of which a linear model that is mixed in knows nothing. */
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
  /**
   * The words, or other units, as the model reads them; where a linear model is mixed in, the marks
   * between them too, and words that the network does not read.
   */
  words: string[];
  /**
   * One for each predicted label, for each entity or tag, or for the number; none for a text without
   * words.
   */
  attributions: Attribution[];
}

// Both take a time that grows with them, the second with their square.
const MAX_WORDS: Record<ExplainMethod, number> = {
  "integrated-gradients": 20_000,
  "leave-one-out": 2000,
};
const STEPS = 32, STEPS_OF_TAGS = 8;
const MAX_TAGGED = 40_000; // words of a text times its tags, each of which takes such a time

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
 * Whether {@linkcode explain} takes a model: one that gives texts or words labels, or texts numbers.
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

/** How models of a task are explained. */
function requireReasons(task: AnyTask): AnyReasons {
  const reasons = reasonsOf(task);
  if (reasons) return reasons;
  throw new InputError(`${task.models} cannot say why: their answers have no shares of words`);
}

/**
 * Why a predictor has answered as it has: {@linkcode explain} for answers that are there already, with
 * the weights that are on the device.
 *
 * @param answers What it has predicted for the texts.
 * @throws {InputError} As explain does.
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

/** The same of a model whose weights are on a device. */
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
  if (word !== undefined) requireInteger("the place of a word", word, 0);
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

/** The shares of a text's words in some scores. */
async function attributionsOf(
  on: Uploaded<AnyModel>,
  read: ExplainedText,
  targets: readonly Target[],
  { method, steps }: { method: ExplainMethod; steps: number },
): Promise<Attribution[]> {
  if (targets.length === 0) return [];
  const alphas = [1, 0], ways = alphas.map((alpha) => evenly(read.ids.length, alpha));
  const [whole, without] = (await outputsOf(on, read, ways))
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
    `the text ${quote(text)} has ${words} words; ${what} takes at most ${most}; give less of it`,
  );
}
