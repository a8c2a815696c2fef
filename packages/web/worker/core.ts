/**
 * The functions of core that tasks get.
 *
 * @module
 */
import {
  createLanguageModel,
  createModel,
  createTranslationModel,
  evaluate,
  joinTokens,
  predict,
  splitDocuments,
  splitExamples,
  splitSymbols,
  tokenize,
  writtenLabels,
} from "@unroll/core/texts";
import type { Core } from "../tasks/task.ts";

/** The functions of core that tasks get. */
export const CORE: Core = {
  createLanguageModel,
  createModel,
  createTranslationModel,
  evaluate,
  joinTokens,
  predict,
  splitDocuments,
  splitExamples,
  splitSymbols,
  tokenize,
  writtenLabels,
};
