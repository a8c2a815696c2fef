/**
 * How a model reads texts.
 *
 * @module
 */
import type { SymbolForm, SymbolUnit } from "./symbols.ts";
import type { TokenizerOptions } from "./tokenizer.ts";

/** What of a model settles how it reads a text. A model is one. */
export interface Reading {
  /** The name of its task. */
  task: string;
  /** How a text becomes words, for a model that labels. */
  tokenizer?: TokenizerOptions;
  /** What its symbols are, for a model that predicts these. */
  unit?: SymbolUnit;
  /** The form that texts are brought into first, for a model that predicts symbols. */
  normalization?: SymbolForm;
  /** Whether HTML is no text to it, for a model that predicts symbols. */
  html?: "strip";
  /** What stands between the labels of a text, for a model that gives any number of them. */
  separator?: string;
}
