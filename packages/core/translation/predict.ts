/**
 * What a model that translates gives for texts, and how often it is right.
 *
 * @module
 */
import type { Backend } from "../backend.ts";
import { type Example, requireLength } from "../data/examples.ts";
import { quote } from "../data/records.ts";
import { InputError } from "../errors.ts";
import type { Metrics } from "../classification/evaluate.ts";
import { requireFinite, withWeights } from "../inference.ts";
import { encodeExamples, type Model, requireTask } from "../model.ts";
import { opsOf } from "../ops/checked_ops.ts";
import { requireInteger, requireOptions } from "../checks.ts";
import { joinSymbols, splitSymbols } from "../text/symbols.ts";
import { encode, indexWords } from "../text/vocabulary.ts";
import { type Answer, beamSearch, disposeSources, greedy, readSources } from "./decode.ts";
import { isTarget, measurePairs } from "./measure.ts";

/** Settings of {@linkcode translate}. */
export interface TranslateOptions {
  /**
   * With how many beginnings of a target to go on at each symbol. Default: 1, which takes the
   * likeliest symbol each time.
   */
  beam?: number;
  /** How many symbols a target has at most. Default: 200. */
  maxLength?: number;
}

/** A text, and the text that a model gives for it. */
export interface Translation {
  /** The text. */
  text: string;
  /** What the model gives. */
  target: string;
  /** How probable the model holds this target, from 0 to 1. */
  probability: number;
  /** Whether it came to its end; if not, it was cut at the longest length. */
  ended: boolean;
  /** The symbols of the text that the model does not know. */
  unknown: string[];
  /** With attention, how much was looked at each symbol of the text for each of the target's. */
  attention?: {
    /** The text's symbols. */
    source: string[];
    /** The target's. */
    target: string[];
    /** `weights[i][j]`: for symbol i of the target, at symbol j of the text. Rows sum to one. */
    weights: number[][];
  };
}

const BATCH_SIZE = 32; // texts that are read side by side

/**
 * The text that a model gives for each text.
 *
 * @throws {InputError} For a model of another task, a text without symbols or of more than 100,000
 *   characters, a beam wider than there are symbols to choose from, and a model whose weights
 *   overflow.
 *
 * @example
 * ```ts
 * import { createTranslationModel, train, translate } from "@unroll/core";
 * import { createCpuBackend } from "@unroll/backend-cpu";
 * import { assertEquals } from "@std/assert";
 *
 * const examples = ["ab", "ba", "aab", "abb", "bab", "bba"].map((text) => ({
 *   text,
 *   label: text.toUpperCase(),
 * }));
 * const backend = createCpuBackend();
 * const model = createTranslationModel(examples, { hidden: 32, embedding: 8 });
 * const options = { epochs: 150, optimizer: { name: "adam" }, learningRate: 0.003 } as const;
 * for await (const _ of train(backend, model, examples, options));
 * const [{ target }] = await translate(backend, model, ["bab"], { beam: 2 });
 * assertEquals(target, "BAB");
 * ```
 */
export async function translate(
  backend: Backend,
  model: Model,
  texts: readonly string[],
  options: TranslateOptions = {},
): Promise<Translation[]> {
  requireOptions("translate()", options, ["beam", "maxLength"]);
  const { beam = 1, maxLength = 200 } = options;
  requireTask(model, "translate");
  const choices = model.labels.length - 1; // the unknown one is none
  requireInteger("the beam", beam, 1);
  if (beam > choices) {
    throw new InputError(
      `the beam must be at most ${choices}, as many as there are symbols to choose from, got ${beam}`,
    );
  }
  requireInteger("the longest length", maxLength, 1);
  const { config, vocabulary, labels, unit } = model;
  const index = indexWords(vocabulary);
  const sources = texts.map((text) => {
    requireLength(text);
    const symbols = splitSymbols(text, unit!);
    if (symbols.length === 0) throw new InputError(`the text ${quote(text)} has no ${unit}`);
    return symbols;
  });
  const encoded = sources.map((symbols) => encode(symbols, index));
  const ops = opsOf(backend);
  const answers: Answer[] = [];
  await withWeights(ops, model, async (weights) => {
    const atOnce = beam === 1 ? BATCH_SIZE : 1;
    for (let start = 0; start < encoded.length; start += atOnce) {
      const some = encoded.slice(start, start + atOnce);
      const read = readSources(ops, config, weights, some, vocabulary.length);
      try {
        answers.push(
          ...beam === 1
            ? await greedy(ops, config, weights, read, maxLength, requireFinite)
            : [await beamSearch(ops, config, weights, read, maxLength, beam, requireFinite)],
        );
      } finally {
        disposeSources(ops, read);
      }
    }
  });
  return answers.map(({ symbols, logProbability, ended, attention }, i) => {
    const target = symbols.map((id) => labels[id]);
    const source = sources[i];
    return {
      text: texts[i],
      target: joinSymbols(target, unit!),
      probability: Math.exp(logProbability),
      ended,
      unknown: source.filter((_, t) => encoded[i][t] === 0),
      ...(attention ? { attention: { source, target, weights: attention } } : {}),
    };
  });
}

/** What {@linkcode evaluateTranslation} finds. */
export interface TranslationEvaluation extends Required<Metrics> {
  /** What went wrong, what the model was surest of first: at most ten. */
  wrong: { text: string; truth: string; target: string; probability: number }[];
}

const MAX_WRONG = 10;

/**
 * How well a model does on examples: its loss in nats a symbol, the share of symbols it gets right
 * after the right ones before them, and of whole targets by itself.
 *
 * @throws {InputError} For a model of another task, or whose weights overflow, where there is no
 *   example, or one cannot be used.
 *
 * @example
 * ```ts
 * import { createTranslationModel, evaluateTranslation } from "@unroll/core";
 * import { createCpuBackend } from "@unroll/backend-cpu";
 * import { assertEquals } from "@std/assert";
 *
 * const examples = [{ text: "one", label: "eins" }];
 * const model = createTranslationModel(examples, { hidden: 8 });
 * const { exact, wrong } = await evaluateTranslation(createCpuBackend(), model, examples);
 * assertEquals([exact, wrong[0].truth], [0, "eins"]);
 * ```
 */
export async function evaluateTranslation(
  backend: Backend,
  model: Model,
  examples: readonly Example[],
): Promise<TranslationEvaluation> {
  requireTask(model, "translate");
  if (examples.length === 0) throw new InputError("there are no examples to measure with");
  const encoded = encodeExamples(model, examples);
  const { config, vocabulary, labels, unit } = model;
  const ops = opsOf(backend);
  const { answers, ...metrics } = await withWeights(
    ops,
    model,
    (weights) => measurePairs(ops, config, weights, encoded, vocabulary.length, requireFinite),
  );
  const wrong = examples.map((example, i) => ({ example, answer: answers[i], i }))
    .filter(({ answer, i }) => !isTarget(answer, encoded[i]))
    .sort((a, b) => b.answer.logProbability - a.answer.logProbability).slice(0, MAX_WRONG);
  return {
    ...metrics,
    wrong: wrong.map(({ example, answer }) => ({
      text: example.text,
      truth: example.label,
      target: joinSymbols(answer.symbols.map((id) => labels[id]), unit!),
      probability: Math.exp(answer.logProbability),
    })),
  };
}
