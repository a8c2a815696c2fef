/**
 * The flags of the train command, and the tasks they apply to.
 *
 * @module
 */
import { InputError } from "@unroll/core";
import { BACKEND_FLAGS } from "../backends.ts";
import { isOtherThanTable, isTable } from "../files/files.ts";
import { INPUT } from "../files/paths.ts";
import { choice, file, type Given, toggle } from "../flags/flags.ts";
import { integer } from "../flags/number_flags.ts";
import { NETWORK_FLAGS, RUN_FLAGS, type RunFlag, TABLE_FLAGS } from "../flags/run_flags.ts";
import { TARGET_FLAGS } from "../flags/series_flags.ts";
import type { AnyTask } from "../tasks/task.ts";
import { TASK_NAMES, TASKS } from "../tasks/tasks.ts";

/** The flag for the task to train. */
export const TASK_FLAG = {
  "task": choice(
    TASK_NAMES,
    "what to learn: label texts, or each of their words with --head token; continue a text; write a " +
      "text for a label; translate a text; predict a number for a text or a series; forecast " +
      "numbers; or label series",
    undefined,
  ),
};

/** The flags for what to save and print. */
export const OUTPUT_FLAGS = {
  "out": file("where to save the model", "model.safetensors"),
  "report": file("where to save a report, one HTML page", undefined),
  "checkpoint": file("where to save checkpoints, to resume from", undefined, "FOLDER"),
  "every": integer("steps between checkpoints", 100, 1),
  "resume": file("continue a run from its checkpoint, with its settings", undefined, "FOLDER"),
  "json": toggle("print JSON Lines instead of a table"),
};

/** All flags of the train command. */
export const TRAIN_FLAGS = { ...TASK_FLAG, ...RUN_FLAGS, ...OUTPUT_FLAGS, ...BACKEND_FLAGS };

/** Returns the names of the tasks that a flag applies to. */
export function tasksOf(flag: string): readonly string[] {
  const some = TASKS.filter(({ flags }) => flags.includes(flag as RunFlag));
  const all = TASKS.filter(({ without = [] }) => !without.includes(flag as RunFlag));
  return [...new Set((some.length > 0 ? some : all).map(({ name }) => name))];
}

const OF_TABLES = ["separator", "quotes", "no-header"];

/**
 * Checks that the typed flags apply to a task and its files.
 *
 * @param files Paths of the files of examples.
 * @throws {InputError} If a typed flag does not apply, whatever its value.
 */
export function requireFlagsOf(
  { name, readsAnyText, reads, models }: Pick<
    AnyTask,
    "name" | "readsAnyText" | "reads" | "models"
  >,
  given: Given,
  files: readonly (string | undefined)[],
): void {
  if (given.has("checkpoint") && files.includes(INPUT)) {
    const problem =
      "a run that reads standard input cannot be resumed, because the input is gone by then";
    throw new InputError(`--checkpoint: ${problem}; give the data as a file`);
  }
  for (const flag of given) {
    const tasks = tasksOf(flag);
    if (!tasks.includes(name)) {
      throw new InputError(`--${flag}: is for --task ${tasks.join(" or ")}, got ${name}`);
    }
    const same = TASKS.filter((each) => each.name === name && each.flags.includes(flag as RunFlag));
    if (reads !== undefined && same.length > 0 && same.every((each) => each.models !== models)) {
      throw new InputError(`--${flag}: is for ${same[0].reads}, and this is a run on ${reads}`);
    }
    const isTableFlag = OF_TABLES.includes(flag);
    const isOfFiles = flag === "format" || Object.hasOwn(TABLE_FLAGS, flag);
    if (!flag.endsWith("-column") && !isOfFiles) continue;
    const paths = files.filter((path) => path !== undefined);
    if (paths.length === 0) throw new InputError(`--${flag}: needs a file; give --data FILE`);
    if (isTableFlag && !given.has("format") && paths.every(isOtherThanTable)) {
      throw new InputError(`--${flag}: is for CSV and TSV, got ${paths.join(" and ")}`);
    }
    if (flag !== "encoding" && readsAnyText && !given.has("format") && !paths.some(isTable)) {
      throw new InputError(
        `--${flag}: is for .csv, .tsv and .jsonl files, got ${paths.join(" and ")}; for other ` +
          "files, also give --format",
      );
    }
  }
}

/** The network flags that a model may still choose if it takes over from another model. */
const LEFT_TO_CHOOSE = [
  "head",
  "dropout",
  "recurrent-dropout",
  "frozen",
  "min-count",
  "multi-label",
  "threshold",
];

/**
 * Checks that no flag was typed that the model of --from determines.
 *
 * @param takesOver Whether a new model only takes over the embedding and layers of that model.
 * @throws {InputError} If such a flag was typed.
 */
export function requireNoNetworkFlags(given: Given, takesOver: boolean): void {
  for (const name of Object.keys({ ...TARGET_FLAGS, ...NETWORK_FLAGS })) {
    if (given.has(name) && !(takesOver && LEFT_TO_CHOOSE.includes(name))) {
      throw new InputError(`--${name}: is fixed by the model of --from; leave it out`);
    }
  }
}
