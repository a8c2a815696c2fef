/**
 * Training to give texts numbers.
 *
 * @module
 */
import {
  createRegressor,
  evaluate,
  type Example,
  firstItems,
  InputError,
  type NumberPrediction,
  predict,
  quote,
  recommend,
  type RegressionEvaluation,
  type RegressionModel,
  splitExamples,
} from "@unroll/core";
import { readLabeled } from "../files/files.ts";
import {
  few,
  figure,
  padStart,
  print,
  printable,
  printJson,
  table,
  TEXT,
  warn,
  widest,
} from "../output/terminal.ts";
import { countsOf, nameOf, type Output, SET_NAMES } from "../output/train_report.ts";
import {
  examplesOf,
  labelColumns,
  planLabels,
  predictHint,
  TEXT_FLAGS,
  tokenizerOf,
} from "./labels.ts";
import type { Task } from "./task.ts";

const SHOWN = 5; // predictions and errors that are printed
const PAIR: Example[] = [{ text: "good", label: "4" }, { text: "bad", label: "1" }];

type Options = Parameters<typeof createRegressor>[1];

/** To give texts numbers. */
export const regression: Task<RegressionModel> = {
  name: "regression",
  models: "regression",
  usage: "ask it with deno task predict",
  flags: [...TEXT_FLAGS, "loss"],
  help: {
    about: "1,000 examples",
    sets: [1000, 10, 100_000].map(examplesOf),
    note: () =>
      "The column of the labels has a number for each text. It is scaled by the mean and the " +
      "deviation of the training examples; predictions are in its own unit again.",
    advise(examples) {
      const advice = recommend(examples);
      return { ...advice, model: createRegressor(PAIR, advice.network as Options) };
    },
    examples: ["train --data reviews.csv --label-column stars --task regression"],
  },
  read: readLabeled,
  about: (columns) => ({ ...labelColumns(columns), labels: "numbers" }),
  reading: (settings, known) =>
    known ?? { task: "regression", tokenizer: tokenizerOf(settings, {}) },
  async plan(all, settings, known) {
    const { loss, seed } = settings;
    if (known && loss !== undefined && loss !== known.loss) {
      throw new InputError("--loss: is settled by the model of --from; leave it out");
    }
    return await planLabels(all, settings, known, {
      split: (fraction) => splitExamples(all, fraction, { seed, byLabel: false }),
      tokenizer: {},
      create: (examples, options) => createRegressor(examples, { ...options, loss } as Options),
    });
  },
  settles: ({ loss }) => ({ loss }),
  table: (model, sets) => ({
    start: `Training ${nameOf(model)} on ${countsOf("sentences", sets)}: ` +
      `${model.vocabulary.length - 1} words, numbers of ${shown(model, model.scale.mean)} ± ` +
      `${shown(model, model.scale.deviation)}.`,
    record: { words: model.vocabulary.length - 1, loss: model.loss, scale: model.scale },
    unit: "sentences",
    columns: ["loss", "MAE"],
    cells: ({ loss, mae }) => [figure(loss, 4), shown(model, mae)],
  }),
  async results(backend, model, measured, on) {
    const some = firstItems(measured, SHOWN);
    const predictions = await predict(backend, model, some.map(({ text }) => text));
    const output = describePredictions(model, predictions, some);
    if (on === undefined) return output;
    const evaluation = await evaluate(backend, model, measured);
    const sentences = measured.length, { loss: _, ...figures } = evaluation;
    return {
      lines: [
        ...output.lines,
        "",
        ...describe(model, evaluation, `${SET_NAMES[on]} (${sentences} sentences)`),
      ],
      records: [...output.records, { type: "review", on, sentences, ...figures }],
    };
  },
  async report(backend, model, measured) {
    const evaluation = await evaluate(backend, model, measured);
    const { mae, rmse, r2, loss, baselines, mistakes } = evaluation;
    const number = (value: number) => shown(model, value);
    return {
      facts: [
        ["Prediction from", model.config.head],
        ["Vocabulary", `${model.vocabulary.length - 1} words`],
        ["Loss", `${model.loss}, of scaled numbers: ${figure(loss, 4)}`],
        ["Measured on", `${measured.length} sentences`],
        ["Mean absolute error (MAE)", number(mae)],
        ["Root mean squared error (RMSE)", number(rmse)],
        ["R²", figure(r2, 3)],
        ["Baseline: the mean", `MAE ${number(baselines.mean.mae)}`],
        ["Baseline: the median", `MAE ${number(baselines.median.mae)}`],
      ],
      lossName: `Loss (${model.loss})`,
      accuracyName: "Mean absolute error",
      figure: "mae",
      tables: mistakes.length === 0 ? [] : [{
        title: "Largest errors",
        head: ["predicted", "actual", "text"],
        rows: mistakes.map(({ text, actual, predicted }) => [
          number(predicted),
          number(actual),
          printable(text, 300),
        ]),
      }],
    };
  },
  hint: predictHint,
  async evaluate(backend, model, examples) {
    const evaluation = await evaluate(backend, model, examples), sentences = examples.length;
    return {
      lines: describe(model, evaluation, `${sentences} sentences`),
      records: [{ sentences, ...evaluation }],
    };
  },
  predict: {
    printer(predictor, { json }) {
      const { model } = predictor;
      return async (texts, placeOf) => {
        let isAnswered = true;
        for (const [i, prediction] of (await predictor.predict(texts)).entries()) {
          const problem = lackOf(prediction);
          if (problem !== undefined) isAnswered = false;
          if (json) printPredictionJson(prediction, problem);
          else if (problem === undefined) printPrediction(model, prediction);
          else warn(`error: ${placeOf(i)}${problem}`);
        }
        return isAnswered;
      };
    },
    columns: (predictor) => ({
      names: ["prediction"],
      batch: 1000,
      answer: async (texts) =>
        (await predictor.predict(texts)).map((prediction) => {
          const problem = lackOf(prediction);
          if (problem !== undefined) return { problem };
          return { values: [rounded(predictor.model, prediction.value)] };
        }),
    }),
  },
  summary: ({ tokenizer, vocabulary, loss, scale }) => ({
    tokenizer,
    words: vocabulary.length - 1,
    loss,
    mean: scale.mean,
    deviation: scale.deviation,
    median: scale.median,
  }),
};

/** The decimals that show a hundredth of what the numbers deviate by. */
function decimalsOf({ scale: { deviation } }: RegressionModel): number {
  return Math.min(10, Math.max(0, 2 - Math.floor(Math.log10(deviation))));
}

/** A number in the unit of the examples, for people. */
function shown(model: RegressionModel, value: number): string {
  return figure(value, decimalsOf(model));
}

/** A number without the digits that a network in 32 bits does not have. */
function rounded(model: RegressionModel, value: number): number {
  return Number(value.toFixed(Math.min(100, decimalsOf(model) + 3)));
}

function describePredictions(
  model: RegressionModel,
  predictions: readonly NumberPrediction[],
  examples: readonly Example[],
): Output {
  const numbers = predictions.map(({ value }) => shown(model, value));
  const width = widest(numbers);
  return {
    lines: [
      "",
      ...predictions.map(({ text }, i) =>
        `  ${padStart(numbers[i], width)}  ${printable(text, TEXT)}  ` +
        `(actual: ${printable(examples[i].label ?? "", TEXT)})`
      ),
    ],
    records: predictions.map(({ text, value }, i) => ({
      type: "prediction",
      text,
      expected: Number(examples[i].label),
      value,
    })),
  };
}

/** How far predictions are off, beside what constant ones come to; one that wins is named first. */
function describe(model: RegressionModel, evaluation: RegressionEvaluation, on: string): string[] {
  const { mae, rmse, r2, loss, baselines, unknownTexts, mistakes } = evaluation;
  const number = (value: number) => shown(model, value);
  const better = Object.entries(baselines).find(([, each]) => each.mae <= mae);
  const ratio = Number.isFinite(r2) ? figure(r2, 3) : "-";
  return [
    ...(better === undefined ? [] : [
      `No better than a constant: always predicting the ${better[0]} of the training examples, ` +
      `${number(better[1].value)}, has a MAE of ${number(better[1].mae)}.`,
    ]),
    `${on}: MAE ${number(mae)}, RMSE ${number(rmse)}, R² ${ratio}, loss ${figure(loss, 4)}`,
    ...(unknownTexts > 0
      ? [`${unknownTexts} of the sentences have no word that the model knows`]
      : []),
    "",
    ...table([
      ["", "MAE", "RMSE"],
      ["the model", number(mae), number(rmse)],
      ...Object.entries(baselines).map(([name, each]) => [
        `the training ${name}, ${number(each.value)}`,
        number(each.mae),
        number(each.rmse),
      ]),
    ], [0]),
    "",
    "Largest errors:",
    ...mistakes.slice(0, SHOWN).map(({ text, actual, predicted }) =>
      `  ${number(predicted)}  ${printable(text, TEXT)}  (actual: ${number(actual)})`
    ),
  ];
}

/** What a text lacks to be judged. */
function lackOf({ text, words, unknownWords }: NumberPrediction): string | undefined {
  if (unknownWords.length < words) return undefined;
  return `${quote(text)} ${words === 0 ? "has no words" : "has no word that the model knows"}`;
}

function printPrediction(
  model: RegressionModel,
  { text, value, unknownWords }: NumberPrediction,
): void {
  const note = unknownWords.length > 0 ? `  (not known: ${few(unknownWords)})` : "";
  print(`${padStart(shown(model, value), 8)}  ${printable(text, TEXT)}${note}`);
}

function printPredictionJson({ text, value }: NumberPrediction, problem: string | undefined): void {
  if (problem !== undefined) printJson({ text, error: problem });
  else printJson({ text, value });
}
