/**
 * What tasks are given of core.
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

/** Core, as tasks know it. */
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
