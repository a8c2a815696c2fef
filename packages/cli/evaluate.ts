/**
 * `deno task evaluate`
 *
 * @module
 */
import { evaluate, type Evaluation, InputError } from "@unroll/core";
import { BACKEND_FLAGS, createBackend } from "./backends.ts";
import { COLUMN_FLAGS, loadModel, readExamples } from "./files.ts";
import { type Command, text, toggle } from "./flags.ts";
import { percent, printable, table } from "./terminal.ts";

const flags = {
  "model": text("FILE", "the model to measure", "model.safetensors"),
  "data": text("FILE", "labelled texts, .csv, .tsv or .jsonl (required)", undefined),
  ...COLUMN_FLAGS,
  ...BACKEND_FLAGS,
  "json": toggle("print one JSON object"),
};

/** `deno task evaluate` */
export const evaluateCommand: Command<typeof flags> = {
  name: "evaluate",
  summary: "Measures a model on labelled texts: loss, accuracy, and each label for itself.",
  flags,
  examples: [
    "evaluate --model model.safetensors --data test.csv",
    "evaluate --data test.csv --json",
  ],
  async run(settings) {
    if (settings.data === undefined) {
      throw new InputError("evaluate needs labelled texts: give --data FILE");
    }
    const model = await loadModel(settings.model);
    const examples = await readExamples(settings.data, settings);
    const backend = await createBackend(settings);
    const evaluation = await evaluate(backend, model, examples);
    if (settings.json) console.log(JSON.stringify({ sentences: examples.length, ...evaluation }));
    else console.log(report(evaluation, examples.length));
    return 0;
  },
};

function report(evaluation: Evaluation, sentences: number): string {
  const { loss, accuracy, labels, confusion, unknownTexts } = evaluation;
  const names = labels.map(({ label }) => printable(label));
  const lines = [`${sentences} sentences: loss ${loss.toFixed(4)}, accuracy ${percent(accuracy)}`];
  if (unknownTexts > 0) lines.push(`${unknownTexts} of them have no word that the model knows`);
  lines.push(
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
  );
  lines.push(
    "",
    "True labels down, verdicts across:",
    "",
    ...table([
      ["", ...names],
      ...confusion.map((row, i) => [names[i], ...row.map(String)]),
    ], [0]),
  );
  return lines.join("\n");
}
