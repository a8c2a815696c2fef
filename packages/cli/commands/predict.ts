/**
 * `deno task predict`
 *
 * @module
 */
import {
  type AnyModel,
  createPredictor,
  EXPLAIN_METHODS,
  explainAnswers,
  InputError,
  type Model,
  type Predictor,
  quote,
} from "@unroll/core";
import { BACKEND_FLAGS, createBackend } from "../backends.ts";
import { loadModel } from "../files/files.ts";
import { decoded, linesOf } from "../files/lines.ts";
import { INPUT } from "../files/paths.ts";
import {
  choice,
  type Command,
  file,
  type Given,
  text,
  toggle,
  type Values,
} from "../flags/flags.ts";
import { integer } from "../flags/number_flags.ts";
import { FORMAT_FLAGS, ROW_FLAGS, TABLE_FLAGS, THRESHOLD_FLAG } from "../flags/run_flags.ts";
import { LAYOUT_FLAGS, SERIES_FLAGS } from "../flags/series_flags.ts";
import { warn } from "../output/terminal.ts";
import { textLimit } from "../run/examples.ts";
import { predictFile } from "../run/predict_file.ts";
import { hintAtTable, requireFileFlags } from "../run/predict_flags.ts";
import type { OwnPrediction, Prediction } from "../tasks/task.ts";
import { adjustedModel, taskOf, TASKS, wrongModel } from "../tasks/tasks.ts";

const DATA = {
  "model": file("trained model", "model.safetensors"),
  "data": file(
    "texts or series to predict for: a table, JSON Lines or a JSON array; -: standard input",
    undefined,
    "FILE",
    { mayBeInput: true },
  ),
  "out": {
    ...file("write the rows of --data and their predictions: .csv, .tsv or .jsonl", undefined),
    shown: "standard output",
  },
  "text-column": {
    ...text("NAME", "column or key of the texts in --data", undefined),
    shown: "text, or source for pairs; otherwise the column with the longest texts",
  },
  ...ROW_FLAGS,
  ...FORMAT_FLAGS,
  ...TABLE_FLAGS,
};
const NUMBERS = {
  ...SERIES_FLAGS,
  ...LAYOUT_FLAGS,
  "horizon": {
    ...integer("forecast horizon, in steps", undefined, 1),
    shown: "the model's horizon; 1 with --stream",
  },
  "stream": toggle(
    "forecast after each line of standard input: one value, or one for each column; with calendar " +
      "features, a time before them",
  ),
};
const OUTPUT = {
  "threshold": { ...THRESHOLD_FLAG.threshold, shown: "the model's" },
  "probabilities": toggle("add a column for each label's probability, for --data"),
  "why": {
    ...choice(
      EXPLAIN_METHODS,
      "also print each word's contribution to the prediction, or to each tag or entity: by " +
        "integrated gradients, which add up to the whole, or by what is lost without the word",
      undefined,
    ),
    alone: EXPLAIN_METHODS[0],
    shown: `off; without a value ${EXPLAIN_METHODS[0]}`,
  },
  "beam": integer("beam width (1: greedy), for a translation model", 1, 1),
  "attention": toggle("show the attention weights, for a translation model"),
  "json": toggle("print JSON Lines; with --out, how the file was read and saved"),
};
const flags = { ...DATA, ...NUMBERS, ...OUTPUT, ...BACKEND_FLAGS };

/** `deno task predict` */
export const predictCommand: Command<typeof flags> = {
  name: "predict",
  summary: "Predicts labels, numbers or translations for given texts, for each line of standard " +
    "input, or for the rows or series of a file; or forecasts numbers over time.",
  operands: '"TEXT" …',
  flags,
  groups: { Data: DATA, "Numbers over time": NUMBERS, Output: OUTPUT, Backend: BACKEND_FLAGS },
  examples: [
    'predict --model model.safetensors "i am not bad"',
    "predict --json < texts.txt",
    "predict --data new.csv --out answers.csv",
    "predict --data sales.csv --horizon 12 --out forecast.csv",
    "predict --stream < values.txt",
    'predict --why "not bad at all"',
    'predict --model addition.safetensors --beam 3 --attention "123+45"',
  ],
  async run(settings, texts, given) {
    await requireFileFlags(settings, texts, given);
    const model = adjustedModel(await loadModel(settings.model), settings);
    const { predict } = taskOf(model);
    if (predict === undefined) throw wrongModel(settings.model, model);
    requireFlagsOf(predict, given);
    predict.check?.(model, settings);
    const backend = await createBackend(settings);
    using predictor = createPredictor(backend, model);
    const { why: method } = settings;
    const asked = {
      ...settings,
      explain: method &&
        ((texts: readonly string[], answers: readonly unknown[]) =>
          explainAnswers<AnyModel>(predictor as Predictor<AnyModel>, texts, answers, { method })),
    };
    if ("file" in predict) return await ask(predict, predictor, settings, texts);
    if (settings.data !== undefined) {
      return await predictFile({
        data: settings.data,
        out: settings.out,
        reading: { ...settings, maxTextLength: textLimit(model) },
        strict: settings.strict,
        events: settings.json && settings.out !== undefined,
        format: settings.json && settings.out === undefined ? "jsonl" : undefined,
        textColumn: settings["text-column"],
        usualColumn: predict.textColumn,
        answers: predict.columns(predictor, asked),
      });
    }
    const printPredictions = predict.printer(predictor, asked);
    const isInput = texts.length === 0;
    if (!isInput && given.has("encoding")) {
      throw new InputError("--encoding: is for standard input and --data; leave it out");
    }
    let status = 0, lines = 0;
    for await (
      const some of isInput ? linesOfInput(settings.encoding, textLimit(model)) : [texts]
    ) {
      const before = lines;
      if (isInput && lines === 0) hintAtTable(some[0], INPUT);
      const placeOf = (i: number) => isInput ? `${INPUT}:${before + i + 1}: ` : "";
      if (!await printPredictions(some, placeOf)) status = 2;
      lines += some.length;
    }
    return status;
  },
};

/** Predicts with a model whose inputs are not texts. */
async function ask(
  { file, stream, usage }: OwnPrediction<Model>,
  predictor: Predictor<Model>,
  settings: Values<typeof flags>,
  texts: readonly string[],
): Promise<number> {
  const { data } = settings;
  if (texts.length > 0) throw new InputError(`${quote(texts[0])}: is a text, but ${usage}`);
  if (data !== undefined && settings.stream) {
    throw new InputError("--stream: reads standard input; leave out --data, or --stream");
  }
  if (data !== undefined) return await file(predictor, { ...settings, data });
  if (settings.stream && stream) {
    return await stream(
      predictor,
      linesOfInput(settings.encoding, textLimit(predictor.model)),
      settings,
    );
  }
  throw new InputError(usage);
}

/**
 * Checks that the typed flags apply to a task's predictions.
 *
 * @throws {InputError} If a typed flag is for other tasks.
 */
function requireFlagsOf({ flags: own = [] }: Pick<Prediction<never>, "flags">, given: Given): void {
  for (const { predict } of TASKS) {
    const flag = predict?.flags?.find((flag) => given.has(flag) && !own.includes(flag));
    if (flag !== undefined) throw new InputError(`--${flag}: is for ${predict!.models}`);
  }
}

function linesOfInput(encoding: string | undefined, limit: number): AsyncGenerator<string[]> {
  if (Deno.stdin.isTerminal()) warn("Type a line and press Enter; Ctrl-D ends the input.");
  return linesOf(decoded(Deno.stdin.readable, INPUT, encoding), INPUT, limit);
}
