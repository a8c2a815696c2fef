/**
 * `deno task evaluate`
 *
 * @module
 */
import { InputError } from "@unroll/core";
import { BACKEND_FLAGS, createBackend } from "../backends.ts";
import { filesIn, loadModel } from "../files/files.ts";
import type { FileReading } from "../files/say_reading.ts";
import { type Command, file, list, toggle } from "../flags/flags.ts";
import {
  COLUMN_FLAGS,
  FORMAT_FLAGS,
  PAIR_FLAGS,
  ROW_FLAGS,
  TABLE_FLAGS,
  THRESHOLD_FLAG,
} from "../flags/run_flags.ts";
import { LAYOUT_FLAGS, SERIES_FLAGS } from "../flags/series_flags.ts";
import { print, printJson } from "../output/terminal.ts";
import { reportLeftOut, reportWarnings } from "../run/examples.ts";
import { requireFlagsOf } from "../run/train_flags.ts";
import { openFiles } from "../tasks/opening.ts";
import { adjustedModel, taskOf } from "../tasks/tasks.ts";

const DATA = {
  "model": file("trained model", "model.safetensors"),
  "data": list(file(
    "examples to evaluate on, in the format of the training data: files or folders; -: standard " +
      "input (required)",
    undefined,
    "FILE",
    { mayBeInput: true },
  )),
  ...ROW_FLAGS,
  ...COLUMN_FLAGS,
  ...PAIR_FLAGS,
  ...FORMAT_FLAGS,
  ...TABLE_FLAGS,
};
const NUMBERS = { ...SERIES_FLAGS, ...LAYOUT_FLAGS };
const OUTPUT = {
  "threshold": { ...THRESHOLD_FLAG.threshold, shown: "the model's" },
  "json": toggle("print one JSON object"),
};
const flags = { ...DATA, ...NUMBERS, ...OUTPUT, ...BACKEND_FLAGS };

/** `deno task evaluate` */
export const evaluateCommand: Command<typeof flags> = {
  name: "evaluate",
  summary: "Evaluates a model on examples: loss, accuracy and the most confident mistakes.",
  flags,
  groups: { Data: DATA, "Numbers over time": NUMBERS, Output: OUTPUT, Backend: BACKEND_FLAGS },
  examples: [
    "evaluate --model model.safetensors --data test.csv",
    "evaluate --data test.csv --json",
  ],
  async run(settings, _, given) {
    if (settings.data === undefined) {
      throw new InputError("evaluate needs examples: give --data FILE");
    }
    const { json } = settings;
    const model = adjustedModel(await loadModel(settings.model), settings);
    const task = taskOf(model);
    const files = await filesIn(settings.data, task);
    requireFlagsOf(task, given, files);
    const readings: FileReading[] = [];
    const onReading = (reading: FileReading) => readings.push(reading);
    const opened = await openFiles(task, files, { ...settings, onReading }, model);
    const { examples, leftOut } = opened;
    reportLeftOut(leftOut);
    const warnings = opened.tests(model);
    reportWarnings(warnings, files);
    const backend = await createBackend(settings);
    const { lines, records } = await task.evaluate(backend, model, examples);
    const notes = {
      readings,
      ...(leftOut.length > 0 ? { leftOut } : {}),
      ...(warnings.length > 0 ? { warnings } : {}),
    };
    if (json) records.forEach((record) => printJson({ ...Object(record), ...notes }));
    else print(lines.join("\n"));
    return 0;
  },
};
