/**
 * `deno task evaluate`
 *
 * @module
 */
import { InputError } from "@unroll/core";
import { BACKEND_FLAGS, createBackend } from "../backends.ts";
import { loadModel } from "../files/files.ts";
import { type Command, file, toggle } from "../flags/flags.ts";
import { COLUMN_FLAGS, FORMAT_FLAGS, PAIR_FLAGS, TABLE_FLAGS } from "../flags/run_flags.ts";
import { print, printJson } from "../output/terminal.ts";
import { requireFlagsOf } from "../run/train_flags.ts";
import { taskOf } from "../tasks/tasks.ts";

const flags = {
  "model": file("trained model", "model.safetensors"),
  "data": file("examples to evaluate on, in the form of its training data (required)", undefined),
  ...COLUMN_FLAGS,
  ...PAIR_FLAGS,
  ...FORMAT_FLAGS,
  ...TABLE_FLAGS,
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
    const task = taskOf(model);
    requireFlagsOf(task, given, [data]);
    const examples = await task.read(data, settings);
    const backend = await createBackend(settings);
    const { lines, records } = await task.evaluate(backend, model, examples);
    if (json) records.forEach(printJson);
    else print(lines.join("\n"));
    return 0;
  },
};
