/**
 * Language modeling on the page: continuing a text.
 *
 * @module
 */
import type { LanguageModel } from "@unroll/core/texts";
import { networkOf } from "../network_settings.ts";
import { shared as words } from "../words/shared.ts";
import type { PageTask } from "./task.ts";
import { WRITING } from "./writing.ts";

/** The task of texts without labels. */
export const languageModel: PageTask<LanguageModel> = {
  ...WRITING,
  name: "language-model",
  flag: "language-model",
  choice: words.tasks.texts,
  data: "texts",

  models: "language-model",
  accepts: (written) => written.length === 0,
  knows: () => true,
  readFor: () => undefined,
  target: () => "", // the target of each symbol is the next one

  settle: () => "language-model",
  split: ({ splitDocuments }, examples, fraction, { unit, seed }) =>
    splitDocuments(examples, fraction, { unit, seed, byLabel: false }),
  create({ createLanguageModel }, settings, examples, hasSeveral) {
    const { bidirectional: _, ...network } = networkOf(settings);
    const own = { unit: settings.unit, fromLabel: false, ends: hasSeveral };
    const reading = settings.stripHtml ? WRITING.stripping : {};
    return createLanguageModel(examples, { ...network, ...own, ...reading });
  },
};
