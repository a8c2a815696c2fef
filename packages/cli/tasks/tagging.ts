/**
 * Training to give each word of a text a label.
 *
 * @module
 */
import {
  createModel,
  type Example,
  firstItems,
  InputError,
  predict,
  quote,
  splitExamples,
  type Tag,
  type TaggingModel,
} from "@unroll/core";
import { readExamples } from "../files/files.ts";
import { LABEL, print, printable, printJson, TEXT, warn } from "../output/terminal.ts";
import type { Output } from "../output/train_report.ts";
import { classification } from "./classification.ts";
import { allWords, evaluateLabels, reportLabels, withReview } from "./label_results.ts";
import {
  LABEL_FLAGS,
  LABEL_HELP,
  labelColumns,
  labelSummary,
  labelTable,
  planLabels,
  predictHint,
  tokenizerOf,
  untrainedOptions,
} from "./labels.ts";
import type { Task } from "./task.ts";

const SHOWN = 5; // texts that are printed
const TOKENIZER = { punctuation: "keep", split: "spaces" } as const;

/** To give words labels: classification with the head `token`. */
export const tagging: Task<TaggingModel> = {
  name: classification.name,
  isAsked: ({ head }) => head === "token",
  models: "tagging",
  usage: classification.usage,
  flags: LABEL_FLAGS,
  help: {
    ...LABEL_HELP,
    examples: ["train --data tags.csv --head token", "train --data train.conll --head token"],
  },
  builtIn: classification.builtIn,
  read: readExamples,
  about: (columns) => ({ ...labelColumns(columns), labels: "tags" }),
  reading(settings, known) {
    if (settings.unit !== undefined && settings.unit !== "words") {
      throw new InputError(
        "--unit: is for models that label whole texts, and with --head token each word has a label",
      );
    }
    if (settings["max-length"] !== undefined) {
      throw new InputError(
        "--max-length: is for models that label whole texts, and with --head token each word has " +
          "a label; cut long texts into sentences",
      );
    }
    return known ?? { task: "tagging", tokenizer: tokenizerOf(settings, TOKENIZER) };
  },
  plan: (all, settings, known) =>
    planLabels(all, settings, known, {
      split: (fraction) => splitExamples(all, fraction, { seed: settings.seed, byLabel: false }),
      tokenizer: TOKENIZER,
      create: (examples, options) => createModel(examples, { ...options, head: "token" }),
    }),
  table: labelTable,
  async results(backend, model, measured, on) {
    const some = firstItems(measured, SHOWN);
    const tags = await predict(backend, model, some.map(({ text }) => text));
    const output = describeTags(tags, some);
    return await withReview(output, [backend, model, measured], on, allWords);
  },
  report: (backend, model, measured) => reportLabels(backend, model, measured, allWords),
  hint: predictHint,
  evaluate: (backend, model, examples) => evaluateLabels(backend, model, examples, allWords),
  predict: {
    printer: (predictor, { json }) => async (texts, placeOf) => {
      const answers = await predictor.predict(texts);
      const printOne = json ? printTagsJson : printTagsLine;
      for (const [i, tags] of answers.entries()) printOne(texts[i], tags, placeOf(i));
      // A word may be unknown: its neighbors decide.
      return answers.every((tags) => tags.length > 0);
    },
    columns: (predictor) => ({
      names: ["tags"],
      batch: 1000,
      answer: async (texts) =>
        (await predictor.predict(texts)).map((tags, i) =>
          tags.length > 0
            ? { values: [tags.map(({ label }) => label).join(" ")] }
            : { problem: `${quote(texts[i])} has no words` }
        ),
    }),
  },
  summary: labelSummary,
  untrained(model, cell) {
    const { options, words } = untrainedOptions(model, cell);
    const texts = model.labels.map((label) => ({
      text: words.join(" "),
      label: words.map(() => label).join(" "),
    }));
    const fresh = createModel(texts, { ...options, head: "token" });
    return { ...fresh, tokenizer: model.tokenizer, labels: model.labels };
  },
};

function describeTags(tags: readonly Tag[][], examples: readonly Example[]): Output {
  return {
    lines: [
      "",
      ...tags.map((words, i) => {
        const expected = (examples[i].label ?? "").trim().split(/\s+/);
        const shown = words.map(({ word, label }, t) =>
          `${printable(word, LABEL)}/${printable(label, LABEL)}` +
          (label === expected[t] ? "" : `(actual: ${printable(expected[t], LABEL)})`)
        );
        return `  ${printable(shown.join(" "), LABEL + TEXT)}`;
      }),
    ],
    records: tags.map((words, i) => ({
      type: "tags",
      text: examples[i].text,
      expected: examples[i].label,
      words,
    })),
  };
}

function printTagsLine(text: string, tags: readonly Tag[], place: string): void {
  if (tags.length === 0) return warn(`error: ${place}${quote(text)} has no words`);
  print(
    tags.map(({ word, label }) => `${printable(word, TEXT)}/${printable(label, TEXT)}`).join(" "),
  );
}

function printTagsJson(text: string, tags: readonly Tag[]): void {
  if (tags.length === 0) printJson({ text, error: "has no words" });
  else printJson({ text, words: tags });
}
