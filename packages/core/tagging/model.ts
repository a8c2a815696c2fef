/**
 * Models that label each word of a text, before they are trained.
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
  /** Its task. */
  task: "tagging";
  /** How a text becomes words. */
  tokenizer: TokenizerOptions;
  /** The letters that it reads, by id, where it reads letters; id 0 stands for every unknown one. */
  alphabet?: string[];
}

const TOKENIZER: TokenizerOptions = {
  lowerCase: true,
  punctuation: "keep",
  split: "spaces",
  fold: "typography",
};

/**
 * An untrained tagger for some examples, whose labels are lists of tags: one for each word, with
 * spaces between them.
 *
 * @throws {InputError} Where there are fewer than two tags, or an option is out of range.
 */
export function createTagger(examples: Sequence<Example>, options: ModelOptions): TaggingModel {
  if (options.tokenizer?.maxLength !== undefined) {
    throw new InputError(
      "a tagger labels every word, so its tokenizer takes no maxLength; cut long texts into sentences",
    );
  }
  const tokenizer: TokenizerOptions = options.letters
    ? { ...TOKENIZER, spelling: "keep" }
    : TOKENIZER;
  return { task: "tagging", ...labeledModel(examples, splitTags, "word", tokenizer, options) };
}

/** The tags of a text's words, in their order. */
export function splitTags(label: string): string[] {
  return label.split(/\s+/u).filter((tag) => tag !== "");
}
