/**
 * Which settings of a model are for which task.
 *
 * @module
 */
import type { LanguageModelOptions } from "./language_model/model.ts";
import type { ModelOptions, Task } from "./model.ts";
import type { NetworkConfig } from "./network/config.ts";
import type { TranslationModelOptions } from "./translation/model.ts";
import { requireBoolean, requireOneOf, requireOptions } from "./checks.ts";
import type { TokenizerOptions } from "./text/tokenizer.ts";

type AnyModelOptions = ModelOptions & LanguageModelOptions & TranslationModelOptions;

/** All tasks. */
export const EVERY_TASK: readonly Task[] = ["classification", "language-model", "translate"];
const OF_SYMBOLS: readonly Task[] = ["language-model", "translate"];

const MODEL_OPTIONS: Record<keyof AnyModelOptions, readonly Task[]> = {
  cell: EVERY_TASK,
  activation: EVERY_TASK,
  hidden: EVERY_TASK,
  layers: EVERY_TASK,
  bidirectional: ["classification", "translate"],
  dropout: EVERY_TASK,
  embedding: EVERY_TASK,
  frozen: ["classification"],
  head: ["classification"],
  init: EVERY_TASK,
  seed: EVERY_TASK,
  tokenizer: ["classification"],
  minCount: ["classification"],
  vectors: ["classification"],
  unit: OF_SYMBOLS,
  limit: OF_SYMBOLS,
  fromLabel: ["language-model"],
  ends: ["language-model"],
  attention: ["translate"],
};

/** What a task's models are called. */
export const MODELS_OF: Readonly<Record<Task, string>> = {
  "classification": "classification models",
  "language-model": "language models",
  "translate": "translation models",
};

/**
 * The options for a task among all, and what the others are for.
 *
 * @param options For each the tasks that it is for.
 */
export function optionsFor(
  options: Readonly<Record<string, readonly Task[]>>,
  task: Task,
): { known: string[]; others: Record<string, string> } {
  const entries = Object.entries(options);
  return {
    known: entries.filter(([, tasks]) => tasks.includes(task)).map(([name]) => name),
    others: Object.fromEntries(
      entries.filter(([, tasks]) => !tasks.includes(task))
        .map(([name, tasks]) => [name, tasks.map((each) => MODELS_OF[each]).join(" and ")]),
    ),
  };
}

/**
 * Throws for an option that a model of a task does not have. What the task settles may be there with
 * the value that the task gives it, as in the configuration of a model.
 *
 * @param what The function that was called.
 * @param settled The options that the task settles.
 * @throws {InputError} That names the option.
 */
export function checkModelOptions(
  what: string,
  task: Task,
  options: object,
  settled: Readonly<Partial<NetworkConfig>> = {},
): void {
  const { known, others } = optionsFor(MODEL_OPTIONS, task);
  const given: Readonly<Record<string, unknown>> = { ...options };
  const alike = Object.entries(settled).filter(([name, value]) => given[name] === value);
  requireOptions(what, options, [...known, ...alike.map(([name]) => name)], others);
  const { init, tokenizer, fromLabel, ends } = given;
  if (init !== undefined) requireOneOf("the initial weights", init, ["article", "scaled"]);
  if (fromLabel !== undefined) requireBoolean("fromLabel", fromLabel);
  if (ends !== undefined) requireBoolean("ends", ends);
  if (tokenizer !== undefined) checkTokenizer(tokenizer);
}

function checkTokenizer(options: unknown): void {
  requireOptions("the tokenizer", options, ["lowerCase", "punctuation", "split"]);
  const { lowerCase, punctuation, split = "words" } = options as Partial<TokenizerOptions>;
  requireBoolean("the tokenizer's lowerCase", lowerCase);
  requireOneOf("the tokenizer's punctuation", punctuation, ["drop", "keep"]);
  requireOneOf("the tokenizer's split", split, ["words", "spaces"]);
}
