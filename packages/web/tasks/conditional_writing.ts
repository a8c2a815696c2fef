/**
 * Text generation for a label.
 *
 * @module
 */
import type { LanguageModel } from "@unroll/core/texts";
import { networkOf } from "../network_settings.ts";
import { shared as words } from "../words/shared.ts";
import type { PageTask } from "./task.ts";
import { WRITING } from "./writing.ts";

/** The task of texts that are generated for labels. */
export const conditionalWriting: PageTask<LanguageModel> = {
  ...WRITING,
  name: "generate-from-label",
  flag: "generate-from-label",
  choice: words.tasks.textsForLabels,
  data: "labels",

  models: "language-model",
  accepts: (written) => written.length > 0,
  knows: (_, written, { label = "" }) => written.includes(label),
  readFor: (label, written) => label ?? written[0],
  target: (label) => label,

  settle: () => "generate-from-label",
  split: ({ splitDocuments }, examples, fraction, { unit, seed }) =>
    splitDocuments(examples, fraction, { unit, seed, byLabel: true }),
  create({ createLanguageModel }, settings, examples) {
    const { bidirectional: _, ...network } = networkOf(settings);
    const own = { unit: settings.unit, fromLabel: true, ends: true };
    const reading = settings.stripHtml ? WRITING.stripping : {};
    return createLanguageModel(examples, { ...network, ...own, ...reading });
  },
};
