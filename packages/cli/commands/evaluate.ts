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
import { BACKEND_FLAGS, createBackend } from "../backends.ts";
import { describeConfused, describeCount, wordsIn } from "../output/review.ts";
import { COLUMN_FLAGS, loadModel, PAIR_FLAGS } from "../files/files.ts";
import { type Command, file, toggle } from "../flags/flags.ts";
import { describeLoss, figuresOf } from "../tasks/language_model.ts";
import { taskNameOf, taskOf } from "../tasks/task.ts";
import { figure, LABEL, percent, print, printable, printJson, table } from "../output/terminal.ts";
import { requireFlagsOf } from "../flags/train_flags.ts";
import { describeTranslation, describeWrong } from "../tasks/translation.ts";

const flags = {
  "model": file("trained model", "model.safetensors"),
  "data": file("examples to evaluate on, in the form of its training data (required)", undefined),
  ...COLUMN_FLAGS,
  ...PAIR_FLAGS,
  ...BACKEND_FLAGS,
  "json": toggle("print one JSON object"),
};

/** `deno task evaluate` */
export const evaluateCommand: Command<typeof flags> = {
  name: "evaluate",
  summary: "Evaluates a model on examples: loss, accuracy and the most confident mistakes.",
  flags,
  examples: [
    "evaluate --model model.safetensors --data test.csv",
    "evaluate --data test.csv --json",
  ],
  async run(settings, _, given) {
    if (settings.data === undefined) {
      throw new InputError("evaluate needs texts to measure with: give --data FILE");
    }
    const { data, json } = settings;
    const model = await loadModel(settings.model);
    const name = taskNameOf(model);
    requireFlagsOf(name, given, [data]);
    const examples = await taskOf(name).read(data, { ...settings, task: name });
    const backend = await createBackend(settings);
    if (model.task === "language-model") {
      const { symbols, ...metrics } = await evaluateLanguageModel(backend, model, examples);
      if (json) printJson({ symbols, ...figuresOf(metrics) });
      else print(`${symbols} ${model.unit}: ${describeLoss(metrics, model.unit!)}`);
    } else if (model.task === "translate") {
      const evaluation = await evaluateTranslation(backend, model, examples);
      const { wrong, ...metrics } = evaluation;
      if (json) printJson({ pairs: examples.length, ...metrics, wrong });
      else {
        const said = describeTranslation(evaluation, model.unit!);
        print([`${examples.length} pairs: ${said}`, ...describeWrong(wrong)].join("\n"));
      }
    } else {
      const evaluation = await evaluate(backend, model, examples);
      const words = model.config.head === "token" ? wordsIn(evaluation.labels) : undefined;
      if (json) printJson({ sentences: examples.length, words, ...evaluation });
      else print(report(evaluation, examples.length, words));
    }
    return 0;
  },
};

const MOST_ROWS = 100; // of labels
const MOST_COLUMNS = 30; // of a confusion matrix that can still be read

function report(evaluation: Evaluation, sentences: number, words?: number): string {
  const { loss, accuracy, labels, confusion, confused, unknownTexts } = evaluation;
  const lines = [
    `${describeCount(sentences, words)}: loss ${figure(loss, 4)}, accuracy ${percent(accuracy)}`,
  ];
  if (unknownTexts > 0) {
    lines.push(`${unknownTexts} of the sentences have no word that the model knows`);
  }
  const rows = labels.length <= MOST_ROWS
    ? labels
    : labels.toSorted((a, b) => b.support - a.support).slice(0, MOST_ROWS);
  lines.push(
    "",
    ...table([
      ["label", "precision", "recall", "F1", words === undefined ? "sentences" : "words"],
      ...rows.map(({ label, precision, recall, f1, support }) => [
        printable(label, LABEL),
        percent(precision),
        percent(recall),
        percent(f1),
        String(support),
      ]),
    ], [0]),
  );
  if (rows.length < labels.length) {
    lines.push(`The ${rows.length} most frequent of ${labels.length} labels; --json gives all.`);
  }
  if (confusion === undefined || labels.length > MOST_COLUMNS) {
    return [...lines, "", ...describeConfused(confused)].join("\n").trimEnd();
  }
  const names = labels.map(({ label }) => printable(label, LABEL));
  lines.push(
    "",
    "Rows: actual label. Columns: predicted label.",
    "",
    ...table([
      ["", ...names],
      ...confusion.map((row, i) => [names[i], ...row.map(String)]),
    ], [0]),
  );
  return lines.join("\n");
}
