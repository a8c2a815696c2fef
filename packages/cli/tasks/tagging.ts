/**
 * The task of tagging: predicting a label for each word of a text.
 *
 * @module
 */
import {
  createModel,
  type Example,
  type Explanation,
  firstItems,
  InputError,
  predict,
  quote,
  recommendCrf,
  recommendTagger,
  splitExamples,
  type Tag,
  type TaggingModel,
  type TokenizerOptions,
} from "@unroll/core";
import type { RunSettings } from "../flags/run_flags.ts";
import { readExamples } from "../files/files.ts";
import {
  few,
  LABEL,
  percent,
  print,
  printable,
  printJson,
  TEXT,
  warn,
} from "../output/terminal.ts";
import type { Output } from "../output/train_report.ts";
import { whyLines, whyNames, whyRecord, whyValues } from "../output/why_view.ts";
import { chooseTaggedUnit } from "../run/find_reading.ts";
import { classification } from "./classification.ts";
import { entitiesOf, entityNote } from "./entity_view.ts";
import { allWords, evaluateLabels, reportLabels, withReview } from "./label_results.ts";
import {
  LABEL_FLAGS,
  LABEL_HELP,
  labelColumns,
  labelSummary,
  labelTable,
  PAIR,
  planLabels,
  predictHint,
  tokenizerOf,
  untrainedOptions,
} from "./labels.ts";
import type { Examples } from "./plan.ts";
import { serveTexts } from "./serving.ts";
import { withTagBaseline } from "./tag_validation.ts";
import type { Task } from "./task.ts";
import { rightTags } from "./right_answers.ts";

const SHOWN = 5; // printed texts
const NO_WORDS = "has no words; give a text with words";

/**
 * Returns the tokenizer's options: a network on letters reads words in their original spelling, and
 * whitespace between labeled characters has no label.
 */
function tokenizerFor(
  { letters, embedding, data, unit = "words" }: RunSettings,
): Partial<TokenizerOptions> {
  if (unit !== "words") {
    if (!letters) return { whitespace: "drop" };
    throw new InputError(`--letters: is for --unit words, got --unit ${unit}; leave it out`);
  }
  const own = { punctuation: "keep", split: "spaces" } as const;
  const isByDefault = embedding !== 0 && data !== undefined;
  return (letters ?? Number(isByDefault)) > 0 ? { ...own, spelling: "keep" } : own;
}

/** The task `classification` with the head `token`: a label for each word. */
export const tagging: Task<TaggingModel> = {
  name: classification.name,
  isAsked: ({ head }) => head === "token",
  models: "tagging",
  usage: classification.usage,
  flags: [...LABEL_FLAGS, "letters", "baseline", "no-refit"],
  help: {
    ...LABEL_HELP,
    advise(examples) {
      const advice = recommendTagger(examples);
      return { ...advice, model: createModel(PAIR, advice.network) };
    },
    examples: ["train --data tags.csv --head token", "train --data train.conll --head token"],
  },
  builtIn: classification.builtIn,
  read: readExamples,
  about: (columns) => ({ ...labelColumns(columns), labels: "tags" }),
  reading(settings, known) {
    if (settings["max-length"] !== undefined) {
      throw new InputError(
        "--max-length: is for models that label whole texts, not for --head token; split long " +
          "texts into sentences",
      );
    }
    return known ?? { task: "tagging", tokenizer: tokenizerOf(settings, tokenizerFor(settings)) };
  },
  choose: chooseTaggedUnit,
  async plan(all, settings, known) {
    let crf: Crf = { isOn: false };
    const own = await planLabels(all, settings, known, {
      split: (fraction) => splitExamples(all, fraction, { seed: settings.seed, byLabel: false }),
      tokenizer: tokenizerFor(settings),
      recommend: recommendTagger,
      create(examples, options) {
        crf = crfFor(examples, settings);
        return createModel(examples, { ...options, head: "token", ...(crf.isOn && { crf: true }) });
      },
    });
    const plan = withTagBaseline(own, all, settings);
    const { message, scheme } = crf;
    if (message === undefined) return plan;
    const { lines = [], records = [] } = plan.notes ?? {};
    const record = { type: "crf", scheme, message };
    return { ...plan, notes: { lines: [...lines, message], records: [...records, record] } };
  },
  table(model, sets) {
    const own = labelTable(model, sets);
    const isMeasured = sets.validation.length + sets.test.length > 0;
    if (!isMeasured || entitiesOf(model, []) === undefined) return own;
    return {
      ...own,
      columns: [...own.columns, "entity F1"],
      cells: (metrics) => [
        ...own.cells(metrics),
        metrics.entityF1 === undefined ? "" : percent(metrics.entityF1),
      ],
    };
  },
  async results(backend, model, measured, on) {
    const some = firstItems(measured, SHOWN);
    const tags = await predict(backend, model, some.map(({ text }) => text));
    const output = describeTags(model, tags, some);
    return await withReview(output, [backend, model, measured], on, allWords);
  },
  report: async (...given) => await reportLabels(...given, allWords, await rightTags(...given)),
  hint: predictHint,
  evaluate: (backend, model, examples) => evaluateLabels(backend, model, examples, allWords),
  predict: {
    flags: ["why"],
    models: "a model that labels words",
    printer: (predictor, { json, explain }) => async (texts, placeOf) => {
      const answers = await predictor.predict(texts);
      const why = await explain?.(texts, answers) ?? [];
      const printOne = json ? printTagsJson : printTagsLine;
      for (const [i, tags] of answers.entries()) {
        printOne(predictor.model, texts[i], tags, placeOf(i), why[i]);
      }
      // Words may be unknown: their neighbors also determine the label.
      return answers.every((tags) => tags.length > 0);
    },
    columns: (predictor, { explain }) => ({
      names: ["tags", ...whyNames(explain)],
      batch: 1000,
      async answer(texts) {
        const answers = await predictor.predict(texts);
        const why = await explain?.(texts, answers) ?? [];
        return answers.map((tags, i) =>
          tags.length > 0
            ? { values: [tags.map(({ label }) => label).join(" "), ...whyValues(why[i])] }
            : { problem: `${quote(texts[i])} ${NO_WORDS}` }
        );
      },
    }),
  },
  serve: serveTexts<TaggingModel>({
    async answer(predictor, texts) {
      const answers = await predictor.predict(texts);
      return answers.map((tags, i) => tagsRecord(predictor.model, texts[i], tags));
    },
  }),
  summary: labelSummary,
  untrained(model, cell) {
    const { options, words } = untrainedOptions(model, cell);
    const texts = model.labels.map((label) => ({
      text: words.join(" "),
      label: words.map(() => label).join(" "),
    }));
    const created = createModel(texts, { ...options, head: "token" });
    return { ...created, tokenizer: model.tokenizer, labels: model.labels };
  },
};

/** Whether a new model has a CRF. */
interface Crf {
  isOn: boolean;
  /** The tagging scheme, if it is the reason for the CRF. */
  scheme?: string;
  /** A note to print. */
  message?: string;
}

/** Decides on a CRF: by the flags, or by the tags; label weights need a loss of single labels. */
function crfFor(
  examples: Examples,
  { crf, "no-crf": no, "label-weights": weights }: RunSettings,
): Crf {
  if (crf && no) throw new InputError("--crf: contradicts --no-crf; give only one of them");
  const scheme = crf || no || weights !== undefined ? undefined : recommendCrf(examples);
  if (scheme === undefined) return { isOn: crf };
  const message =
    `The labels mark entities in the ${scheme} scheme: a CRF predicts the labels of a text jointly ` +
    "(--no-crf: independently).";
  return { isOn: true, scheme, message };
}

function describeTags(
  model: TaggingModel,
  tags: readonly Tag[][],
  examples: readonly Example[],
): Output {
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
      entities: entitiesOf(model, words),
    })),
  };
}

function printTagsLine(
  model: TaggingModel,
  text: string,
  tags: readonly Tag[],
  place: string,
  why?: Explanation,
): void {
  if (tags.length === 0) {
    return warn(`error: ${place}${quote(text)} ${NO_WORDS}`);
  }
  const line = tags.map(({ word, label }) => `${printable(word, TEXT)}/${printable(label, TEXT)}`);
  const unknown = tags.filter(({ known }) => !known).map(({ word }) => word);
  const note = unknown.length > 0 ? `  (unknown: ${few(unknown)})` : "";
  print(line.join(" ") + entityNote(model, entitiesOf(model, tags)) + note);
  if (why) whyLines(why).forEach((line) => print(line));
}

function printTagsJson(
  model: TaggingModel,
  text: string,
  tags: readonly Tag[],
  _: string,
  why?: Explanation,
): void {
  printJson(tagsRecord(model, text, tags, why));
}

/** Returns the tags of a text as a JSON record. */
function tagsRecord(model: TaggingModel, text: string, tags: readonly Tag[], why?: Explanation) {
  if (tags.length === 0) return { text, error: NO_WORDS };
  return { text, words: tags, entities: entitiesOf(model, tags), ...whyRecord(why) };
}
