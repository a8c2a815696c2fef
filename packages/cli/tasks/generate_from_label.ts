/**
 * The task of generating a text for a label: a language model whose texts start with their label.
 *
 * @module
 */
import { type LanguageModel, writtenLabels } from "@unroll/core";
import { readLabeled } from "../files/files.ts";
import { shellWord } from "../output/terminal.ts";
import { labelColumns } from "./labels.ts";
import {
  adviseGenerating,
  GENERATE_FLAGS,
  languageModel,
  planGenerating,
} from "./language_model.ts";
import type { Task } from "./task.ts";

/** The task `generate-from-label`: texts generated for a label. */
export const generateFromLabel: Task<LanguageModel> = {
  ...languageModel,
  name: "generate-from-label",
  accepts: (model) => writtenLabels(model).length > 0,
  usage: "use it with deno task generate --label LABEL",
  flags: [...GENERATE_FLAGS, "label-column"],
  help: {
    examples: ["train --task generate-from-label --data reviews.csv"],
    about: "1,000 texts of 100 characters",
    sets: () =>
      [1000, 10].map((count) =>
        new Array(count).fill({ text: "a".repeat(count / 10), label: "up" })
      ),
    advise: adviseGenerating,
  },
  readsAnyText: false,
  read: readLabeled,
  about: labelColumns,
  plan: (all, settings, known) =>
    planGenerating(all, settings, known, { fromLabel: true, ends: true }),
  hint(path, model) {
    const [label] = writtenLabels(model);
    const name = /^[\p{L}\p{N} ]{1,60}$/u.test(label) ? label : "LABEL"; // safe in a shell
    return `deno task generate --model ${shellWord(path)} --label "${name}"`;
  },
  summary: (model) => ({ ...languageModel.summary(model), task: generateFromLabel.name }),
};
