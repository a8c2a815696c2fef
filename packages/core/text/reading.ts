/**
 * The settings with which a model reads texts.
 *
 * @module
 */
import type { SymbolForm, SymbolUnit } from "./symbols.ts";
import type { TokenizerOptions } from "./tokenizer.ts";

/** The settings of a model that determine how it reads a text; every model has them. */
export interface Reading {
  /** The name of its task. */
  task: string;
  /** How texts are split into words, in models that predict labels or tags. */
  tokenizer?: TokenizerOptions;
  /** The unit of its symbols, in models that predict symbols. */
  unit?: SymbolUnit;
  /** How texts are normalized first, in models that predict symbols. */
  normalization?: SymbolForm;
  /** `"strip"`: HTML is removed, in models that predict symbols. */
  html?: "strip";
  /** The separator between labels, in multi-label models. */
  separator?: string;
}
