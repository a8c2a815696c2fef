/**
 * `deno task evaluate`
 *
 * @module
 */
import {
  evaluate,
  evaluateLanguageModel,
  evaluateTranslation,
  type Evaluation,
  InputError,
} from "@unroll/core";
import { BACKEND_FLAGS, createBackend } from "./backends.ts";
import { COLUMN_FLAGS, loadModel, PAIR_FLAGS } from "./files.ts";
import { type Command, text, toggle } from "./flags.ts";
import { describeLoss, figuresOf } from "./language_model.ts";
import { taskNameOf, taskOf } from "./task.ts";
import { percent, printable, table } from "./terminal.ts";
import { describeTranslation, describeWrong } from "./translation.ts";

const flags = {
  "model": text("FILE", "the model to measure", "model.safetensors"),
  "data": text(
    "FILE",
    "what to measure with, in the form that it learnt from (required)",
    undefined,
  ),
  ...COLUMN_FLAGS,
  ...PAIR_FLAGS,
  ...BACKEND_FLAGS,
  "json": toggle("print one JSON object"),
};

/** `deno task evaluate` */
export const evaluateCommand: Command<typeof flags> = {
  name: "evaluate",
  summary: "Measures a model on texts: its loss, and how often it is right.",
  flags,
  examples: [
    "evaluate --model model.safetensors --data test.csv",
    "evaluate --data test.csv --json",
  ],
  async run(settings) {
    if (settings.data === undefined) {
      throw new InputError("evaluate needs texts to measure with: give --data FILE");
    }
    const { data, json } = settings;
    const model = await loadModel(settings.model);
    const name = taskNameOf(model);
    const examples = await taskOf(name).read(data, { ...settings, task: name });
    const backend = await createBackend(settings);
    if (model.task === "language-model") {
      const { symbols, ...metrics } = await evaluateLanguageModel(backend, model, examples);
      if (json) console.log(JSON.stringify({ symbols, ...figuresOf(metrics) }));
      else console.log(`${symbols} ${model.unit}: ${describeLoss(metrics, model.unit!)}`);
    } else if (model.task === "translate") {
      const evaluation = await evaluateTranslation(backend, model, examples);
      const { wrong, ...metrics } = evaluation;
      if (json) console.log(JSON.stringify({ pairs: examples.length, ...metrics, wrong }));
      else {
        const said = describeTranslation(evaluation, model.unit!);
        console.log([`${examples.length} pairs: ${said}`, ...describeWrong(wrong)].join("\n"));
      }
    } else {
      const evaluation = await evaluate(backend, model, examples);
      if (json) console.log(JSON.stringify({ sentences: examples.length, ...evaluation }));
      else console.log(report(evaluation, examples.length));
    }
    return 0;
  },
};

function report(evaluation: Evaluation, sentences: number): string {
  const { loss, accuracy, labels, confusion, unknownTexts } = evaluation;
  const names = labels.map(({ label }) => printable(label));
  const lines = [`${sentences} sentences: loss ${loss.toFixed(4)}, accuracy ${percent(accuracy)}`];
  if (unknownTexts > 0) lines.push(`${unknownTexts} of them have no word that the model knows`);
  const figures = [
    "",
    ...table([
      ["label", "precision", "recall", "F1", "sentences"],
      ...labels.map(({ precision, recall, f1, support }, i) => [
        names[i],
        percent(precision),
        percent(recall),
        percent(f1),
        String(support),
      ]),
    ], [0]),
  ];
  for (const line of figures) lines.push(line); // there may be too many labels for one call
  if (confusion) {
    lines.push(
      "",
      "True labels down, verdicts across:",
      "",
      ...table([
        ["", ...names],
        ...confusion.map((row, i) => [names[i], ...row.map(String)]),
      ], [0]),
    );
  }
  return lines.join("\n");
}
