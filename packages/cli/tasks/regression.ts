/**
 * The task of text regression: predicting a number for a text.
 *
 * @module
 */
import {
  createRegressor,
  evaluate,
  type Example,
  type Explanation,
  firstItems,
  fitRidge,
  InputError,
  type NumberPrediction,
  predict,
  recommend,
  type RegressionModel,
  splitExamples,
} from "@unroll/core";
import { readLabeled } from "../files/files.ts";
import { vocabularyOf } from "../output/label_review.ts";
import {
  few,
  figure,
  padStart,
  print,
  printable,
  printJson,
  TEXT,
  warn,
  widest,
} from "../output/terminal.ts";
import {
  describeNumbers,
  numberComparison,
  numberFacts,
  numberParts,
  rounded,
  shown,
} from "../output/number_review.ts";
import { countsOf, nameOf, type Output, SET_NAMES } from "../output/train_report.ts";
import {
  markTexts,
  type ShowShare,
  signed,
  whyLines,
  whyNames,
  whyRecord,
  whyValues,
} from "../output/why_view.ts";
import {
  examplesOf,
  labelColumns,
  lackOf,
  planLabels,
  predictHint,
  TEXT_FLAGS,
  tokenizerOf,
} from "./labels.ts";
import { serveTexts } from "./serving.ts";
import type { Task } from "./task.ts";

const SHOWN = 5; // printed predictions and errors
const PAIR: Example[] = [{ text: "good", label: "4" }, { text: "bad", label: "1" }];

type Options = Parameters<typeof createRegressor>[1];

/** The task `regression`: a number for each text. */
export const regression: Task<RegressionModel> = {
  name: "regression",
  reads: "texts",
  models: "regression",
  usage: "use it with deno task predict",
  flags: [...TEXT_FLAGS, "loss"],
  help: {
    about: "1,000 examples",
    sets: () => [1000, 10, 100_000].map(examplesOf),
    note: () =>
      "The label column has a number for each text. The numbers are standardized by the mean and " +
      "standard deviation of the training examples; predictions are in the original unit.",
    advise(examples) {
      const advice = recommend(examples);
      return { ...advice, model: createRegressor(PAIR, advice.network as Options) };
    },
    examples: ["train --data reviews.csv --label-column stars --task regression"],
  },
  takesOver: true,
  read: readLabeled,
  about: (columns) => ({ ...labelColumns(columns), labels: "numbers" }),
  reading: (settings, known) =>
    known ?? { task: "regression", tokenizer: tokenizerOf(settings, {}) },
  async plan(all, settings, known) {
    const { loss, seed } = settings;
    if (known && loss !== undefined && loss !== known.loss) {
      throw new InputError("--loss: is fixed by the model of --from; leave it out");
    }
    const plan = await planLabels(all, settings, known, {
      split: (fraction) => splitExamples(all, fraction, { seed, byLabel: false }),
      tokenizer: {},
      create: (examples, options) => createRegressor(examples, { ...options, loss } as Options),
    });
    const { model, examples } = plan;
    delete model.ridge; // outdated in a model that is trained further
    return {
      ...plan,
      // deno-lint-ignore require-yield
      async *finish() {
        model.ridge = Float32Array.from(fitRidge(model, examples).weights);
        return { lines: [], records: [] };
      },
    };
  },
  settles: ({ loss }) => ({ loss }),
  table: (model, sets) => ({
    start: `Training ${nameOf(model)} on ${countsOf("sentences", sets)}: ` +
      `${vocabularyOf(model)}, numbers of ${shown(model, model.scale.mean)} ± ` +
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
    const sentences = measured.length, { loss: _, ridge: own, ...figures } = evaluation;
    // A linear model would have memorized its own training texts.
    const ridge = on === "training" ? undefined : own;
    const comparison = numberComparison(model, evaluation, ridge);
    return {
      lines: [
        ...output.lines,
        "",
        ...describeNumbers(model, evaluation, `${SET_NAMES[on]} (${sentences} sentences)`, ridge),
      ],
      records: [...output.records, {
        type: "review",
        on,
        comparison,
        sentences,
        ...figures,
        ridge,
      }],
    };
  },
  async report(backend, model, measured) {
    const evaluation = await evaluate(backend, model, measured);
    const texts = evaluation.mistakes.map(({ text }) => ({ text }));
    return {
      facts: [
        ["Prediction from", model.config.head],
        ["Vocabulary", vocabularyOf(model)],
        ["Evaluated on", `${measured.length} sentences`],
        ...numberFacts(model, evaluation),
      ],
      ...numberParts(
        model,
        evaluation,
        "text",
        await markTexts(backend, model, texts, showIn(model)),
      ),
    };
  },
  hint: predictHint,
  async evaluate(backend, model, examples) {
    const evaluation = await evaluate(backend, model, examples), sentences = examples.length;
    return {
      lines: describeNumbers(model, evaluation, `${sentences} sentences`, evaluation.ridge),
      records: [{ sentences, ...evaluation }],
    };
  },
  predict: {
    flags: ["why"],
    models: "a model that predicts labels or numbers for texts",
    printer(predictor, { json, explain }) {
      const { model } = predictor;
      return async (texts, placeOf) => {
        let isAnswered = true;
        const answers = await predictor.predict(texts);
        const why = await explain?.(texts, answers) ?? [];
        for (const [i, prediction] of answers.entries()) {
          const problem = lackOf(prediction, predictor.model);
          if (problem !== undefined) isAnswered = false;
          if (json) printJson(predictionRecord(prediction, problem, why[i]));
          else if (problem === undefined) printPrediction(model, prediction, why[i]);
          else warn(`error: ${placeOf(i)}${problem}`);
        }
        return isAnswered;
      };
    },
    columns: (predictor, { explain }) => ({
      names: ["prediction", ...whyNames(explain)],
      batch: 1000,
      async answer(texts) {
        const answers = await predictor.predict(texts);
        const why = await explain?.(texts, answers) ?? [];
        return answers.map((prediction, i) => {
          const problem = lackOf(prediction, predictor.model);
          if (problem !== undefined) return { problem };
          const { model } = predictor;
          return {
            values: [rounded(model, prediction.value), ...whyValues(why[i], showIn(model))],
          };
        });
      },
    }),
  },
  serve: serveTexts<RegressionModel>({
    async answer(predictor, texts) {
      const { model } = predictor, answers = await predictor.predict(texts);
      return answers.map((each) => predictionRecord(each, lackOf(each, model)));
    },
  }),
  summary: ({ tokenizer, vocabulary, loss, scale }) => ({
    tokenizer,
    words: vocabulary.length - 1,
    loss,
    mean: scale.mean,
    deviation: scale.deviation,
    median: scale.median,
  }),
};

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

function printPrediction(
  model: RegressionModel,
  { text, value, unknownWords }: NumberPrediction,
  why?: Explanation,
): void {
  const note = unknownWords.length > 0 ? `  (unknown: ${few(unknownWords)})` : "";
  print(`${padStart(shown(model, value), 8)}  ${printable(text, TEXT)}${note}`);
  if (why) whyLines(why, showIn(model)).forEach((line) => print(line));
}

/** Returns a prediction as a JSON record. */
function predictionRecord(
  { text, value }: NumberPrediction,
  problem: string | undefined,
  why?: Explanation,
) {
  return problem !== undefined ? { text, error: problem } : { text, value, ...whyRecord(why) };
}

/** Returns a function that formats contributions in the unit of a model's numbers. */
function showIn(model: RegressionModel): ShowShare {
  return (share) => signed(shown(model, share));
}
