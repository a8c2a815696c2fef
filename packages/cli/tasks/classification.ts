/**
 * The task of classifying texts.
 *
 * @module
 */
import {
  type ClassificationModel,
  createModel,
  type Example,
  type Explanation,
  firstItems,
  type Head,
  type ModelOptions,
  predict,
  type Prediction,
  splitExamples,
  tokenUnit,
} from "@unroll/core";
import { readLabeled } from "../files/files.ts";
import {
  few,
  LABEL,
  padEnd,
  percent,
  print,
  printable,
  printJson,
  TEXT,
  warn,
  widest,
} from "../output/terminal.ts";
import type { RunFlag } from "../flags/run_flags.ts";
import type { Output } from "../output/train_report.ts";
import { whyLines, whyNames, whyRecord, whyValues } from "../output/why_view.ts";
import { evaluateLabels, noWords, reportLabels, withReview } from "./label_results.ts";
import {
  BUILT_IN,
  LABEL_FLAGS,
  LABEL_HELP,
  labelColumns,
  labelSummary,
  labelTable,
  lackOf,
  planLabels,
  predictHint,
  tokenizerOf,
  untrainedOptions,
} from "./labels.ts";
import { withValidation } from "./label_validation.ts";
import { serveTexts } from "./serving.ts";
import type { Task } from "./task.ts";
import { rightLabels } from "./right_answers.ts";

const CLASSIFIER_FLAGS: readonly RunFlag[] = [...LABEL_FLAGS, "baseline", "folds", "no-refit"];
const SHOWN = 5; // printed predictions

type ClassifierOptions = ModelOptions & { head?: Exclude<Head, "token"> };

/** The task `classification`: one label for each text. */
export const classification: Task<ClassificationModel> = {
  name: "classification",
  models: "classification",
  usage: "use it with deno task predict",
  flags: CLASSIFIER_FLAGS,
  help: {
    ...LABEL_HELP,
    examples: [
      "train",
      "train --data reviews.csv --report report.html",
      "train --data mails.tsv --text-column subject --label-column folder --cell lstm --layers 2",
    ],
    lastExamples: [
      "train --data reviews.csv --checkpoint run --every 200",
      "train --resume run",
      "train --from model.safetensors --data more.csv --out better.safetensors",
    ],
  },
  builtIn: BUILT_IN,
  takesOver: true,
  read: readLabeled,
  about: labelColumns,
  reading: (settings, known) =>
    known ?? { task: "classification", tokenizer: tokenizerOf(settings, {}) },
  plan: (all, settings, known) =>
    withValidation(all, settings, known, (some) =>
      planLabels(some, settings, known, {
        split: (fraction) => splitExamples(some, fraction, { seed: settings.seed }),
        tokenizer: {},
        refits: true,
        create: (examples, options) => createModel(examples, options as ClassifierOptions),
      })),
  table: labelTable,
  async results(backend, model, measured, on) {
    const some = firstItems(measured, SHOWN);
    const predictions = await predict(backend, model, some.map(({ text }) => text));
    const output = describePredictions(predictions, some);
    return await withReview(output, [backend, model, measured], on, noWords);
  },
  report: async (...given) => await reportLabels(...given, noWords, await rightLabels(...given)),
  hint: predictHint,
  evaluate: (backend, model, examples) => evaluateLabels(backend, model, examples, noWords),
  predict: {
    flags: ["probabilities", "why"],
    models: "a model that classifies texts",
    printer(predictor, { json, explain }) {
      const { model } = predictor;
      const printOne = json ? printPredictionJson : linePrinter(model);
      return async (texts, placeOf) => {
        let isAnswered = true;
        const answers = await predictor.predict(texts);
        const why = await explain?.(texts, answers) ?? [];
        for (const [i, prediction] of answers.entries()) {
          const problem = problemWith(prediction, model);
          if (problem !== undefined) isAnswered = false;
          printOne(prediction, problem, placeOf(i), why[i]);
        }
        return isAnswered;
      };
    },
    columns(predictor, { probabilities: hasAll, explain }) {
      const { model } = predictor;
      const labels = hasAll ? model.labels : [];
      return {
        names: [
          "label",
          "probability",
          ...labels.map((label) => `probability_${label}`),
          ...whyNames(explain),
        ],
        batch: 1000,
        async answer(texts) {
          const answers = await predictor.predict(texts);
          const why = await explain?.(texts, answers) ?? [];
          return answers.map((prediction, i) => {
            const problem = problemOf(prediction, model);
            if (problem !== undefined) return { problem };
            const { label, probabilities } = prediction;
            const all = [label, ...labels].map((each) => probabilities[each]);
            return { values: [label, ...all, ...whyValues(why[i])] };
          });
        },
      };
    },
  },
  serve: serveTexts<ClassificationModel>({
    async answer(predictor, texts) {
      const { model } = predictor, answers = await predictor.predict(texts);
      return answers.map((each) => predictionRecord(each, problemWith(each, model)));
    },
  }),
  summary: labelSummary,
  // Predicts from the last state only, so that the whole gradient goes back through time.
  untrained(model, cell) {
    const { options, words } = untrainedOptions(model, cell);
    const texts = model.labels.map((label) => ({ text: words.join(" "), label }));
    const created = createModel(texts, { ...options, head: "last" });
    const { tokenizer, vocabulary, labels: names } = model;
    return { ...created, tokenizer, vocabulary, labels: names };
  },
};

function describePredictions(
  predictions: readonly Prediction[],
  examples: readonly Example[],
): Output {
  const names = predictions.map(({ label }) => printable(label, LABEL));
  const width = widest(names);
  return {
    lines: [
      "",
      ...predictions.map(({ text, label, probabilities }, i) => {
        const { label: expected = "" } = examples[i];
        const wrong = label === expected ? "" : `  (actual: ${printable(expected, LABEL)})`;
        const prediction = `${padEnd(names[i], width)}  ${percent(probabilities[label])}`;
        return `  ${prediction}  ${printable(text, TEXT)}${wrong}`;
      }),
    ],
    records: predictions.map(({ text, label, probabilities }, i) => ({
      type: "prediction",
      text,
      expected: examples[i].label,
      label,
      probabilities,
    })),
  };
}

/** Returns what a text lacks; with a linear model on letters in use, it may lack known words. */
function problemOf(
  prediction: Prediction,
  model: ClassificationModel,
  known?: () => string,
): string | undefined {
  const { calibration, tokenizer } = model;
  // Where the network reads letters too, the linear model knows no others.
  const readsLetters = calibration !== undefined && calibration.linear > 0 &&
    tokenUnit(tokenizer) === "words";
  return readsLetters && prediction.words > 0 ? undefined : lackOf(prediction, model, known);
}

function problemWith(
  prediction: Prediction,
  model: ClassificationModel,
): string | undefined {
  const { vocabulary } = model;
  const known = () => `; it knows ${vocabulary.length - 1}, such as ${few(vocabulary.slice(1, 9))}`;
  return problemOf(prediction, model, known);
}

type PrintPrediction = (
  prediction: Prediction,
  problem: string | undefined,
  place: string,
  why?: Explanation,
) => void;

function linePrinter({ labels }: ClassificationModel): PrintPrediction {
  const width = Math.min(LABEL, widest(labels.map((label) => printable(label, LABEL + 1))));
  return ({ label, probabilities, text, unknownWords, isUnsure }, problem, place, why) => {
    if (problem !== undefined) return warn(`error: ${place}${problem}`);
    const note = unknownWords.length > 0 ? `  (unknown: ${few(unknownWords)})` : "";
    const probability = percent(probabilities[label]).padStart(6);
    print(
      `${padEnd(printable(label, TEXT), width)}  ${probability}  ${printable(text, TEXT)}${note}${
        isUnsure ? "  (unsure: check it)" : ""
      }`,
    );
    if (why) whyLines(why).forEach((line) => print(line));
  };
}

function printPredictionJson(
  prediction: Prediction,
  problem: string | undefined,
  _: string,
  why?: Explanation,
): void {
  printJson(predictionRecord(prediction, problem, why));
}

/** Returns a prediction as a JSON record. */
function predictionRecord(
  { text, label, probabilities, logits, isUnsure }: Prediction,
  problem: string | undefined,
  why?: Explanation,
) {
  if (problem !== undefined) return { text, error: problem };
  return { text, label, probabilities, logits, isUnsure, ...whyRecord(why) };
}
