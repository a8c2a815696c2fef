/**
 * Untrained taggers, which label each word of a text.
 *
 * @module
 */
import { labeledModel } from "../classification/model.ts";
import type { ModelOptions } from "../classification/model.ts";
import type { Example } from "../data/examples.ts";
import { InputError } from "../errors.ts";
import type { AnyModel } from "../model.ts";
import type { Sequence } from "../sequence.ts";
import type { TokenizerOptions } from "../text/tokenizer.ts";
import type { TaggerCompanions } from "./combine.ts";

/** A model that labels each word of a text: a tagger. */
export interface TaggingModel extends AnyModel, TaggerCompanions {
  /** The name of its task. */
  task: "tagging";
  /** How a text is split into words. */
  tokenizer: TokenizerOptions;
  /** The letters by id, for a tagger that reads letters; id 0 is the unknown letter. */
  alphabet?: string[];
}

const TOKENIZER: TokenizerOptions = {
  lowerCase: true,
  punctuation: "keep",
  split: "spaces",
  fold: "typography",
};

/**
 * Creates an untrained tagger for some examples, whose labels are lists of tags: one for each word,
 * separated by spaces.
 *
 * @throws {InputError} If there are fewer than two distinct tags, or an option is out of range.
 */
export function createTagger(examples: Sequence<Example>, options: ModelOptions): TaggingModel {
  if (options.tokenizer?.maxLength !== undefined) {
    throw new InputError(
      "a tagger labels every word, so its tokenizer has no maxLength; split texts into sentences",
    );
  }
  const tokenizer: TokenizerOptions = options.letters
    ? { ...TOKENIZER, spelling: "keep" }
    : TOKENIZER;
  return { task: "tagging", ...labeledModel(examples, splitTags, "word", tokenizer, options) };
}

/** Splits a label into the tags of a text's words, in order. */
export function splitTags(label: string): string[] {
  return label.split(/\s+/u).filter((tag) => tag !== "");
}
