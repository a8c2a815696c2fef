/**
 * Checks of model options.
 *
 * @module
 */
import { requireBoolean, requireInteger, requireOneOf, requireOptions } from "./checks.ts";
import type { NetworkConfig } from "./network/config.ts";
import { INITS } from "./network/init.ts";
import { SPLITS, type TokenizerOptions } from "./text/tokenizer.ts";
import { TRUNCATE } from "./text/truncate.ts";

// For each option that not all tasks have, the models that have it.
const BELONGS: Readonly<Record<string, string>> = {
  bidirectional: "classification, tagging and translation models",
  frozen: "classification and tagging models",
  head: "classification and tagging models",
  crf: "tagging models",
  tokenizer: "classification and tagging models",
  minCount: "classification and tagging models",
  projection: "classification and tagging models",
  vectors: "classification and tagging models",
  letters: "tagging models",
  pretrained: "classification and tagging models",
  unit: "language models and translation models",
  limit: "language models and translation models",
  fromLabel: "language models",
  ends: "language models",
  attention: "translation models",
  html: "language models and translation models",
  normalization: "language models",
};

/**
 * Throws if there is an option that a task's models do not have. An option that the task fixes is
 * accepted with the task's own value, so that a model's configuration can be passed as options.
 *
 * @param what The function that was called.
 * @param known The options of the task's models.
 * @param settled The options that the task fixes, and their values.
 * @throws {InputError} If an option is unknown or has an invalid value; the message names it.
 */
export function checkModelOptions(
  what: string,
  known: readonly string[],
  options: object,
  settled: Readonly<Partial<NetworkConfig>> = {},
): void {
  const others = Object.fromEntries(
    Object.entries(BELONGS).filter(([name]) => !known.includes(name)),
  );
  const given: Readonly<Record<string, unknown>> = { ...options };
  const alike = Object.entries(settled).filter(([name, value]) => given[name] === value);
  requireOptions(what, options, [...known, ...alike.map(([name]) => name)], others);
  const { init, tokenizer, fromLabel, ends, html } = given;
  if (init !== undefined) requireOneOf("the initial weights", init, INITS);
  if (fromLabel !== undefined) requireBoolean("fromLabel", fromLabel);
  if (ends !== undefined) requireBoolean("ends", ends);
  if (html !== undefined) requireOneOf("html", html, ["strip"]);
  if (tokenizer !== undefined) checkTokenizer(tokenizer);
}

function checkTokenizer(options: unknown): void {
  requireOptions("the tokenizer", options, [
    ...["lowerCase", "punctuation", "split", "fold", "html"],
    ...["maxLength", "truncate", "spelling", "whitespace"],
  ]);
  const { lowerCase, punctuation, split = "words", fold, html } = options as TokenizerOptions;
  const { maxLength, truncate, spelling, whitespace } = options as TokenizerOptions;
  requireBoolean("the tokenizer's lowerCase", lowerCase);
  requireOneOf("the tokenizer's punctuation", punctuation, ["drop", "keep"]);
  requireOneOf("the tokenizer's split", split, SPLITS);
  if (fold !== undefined) requireOneOf("the tokenizer's fold", fold, ["typography"]);
  if (html !== undefined) requireOneOf("the tokenizer's html", html, ["strip"]);
  if (spelling !== undefined) requireOneOf("the tokenizer's spelling", spelling, ["keep"]);
  if (whitespace !== undefined) {
    requireOneOf("the tokenizer's whitespace", whitespace, ["drop"]);
    requireOneOf("the tokenizer's split, with whitespace,", split, ["characters", "graphemes"]);
  }
  if (maxLength !== undefined) requireInteger("the tokenizer's maxLength", maxLength, 1);
  if (truncate !== undefined) requireOneOf("the tokenizer's truncate", truncate, TRUNCATE);
}
