/**
 * The data of a run, split into training, validation and test examples.
 *
 * @module
 */
import { splitUsable } from "@unroll/core/texts";
import type { Settings } from "../settings.ts";
import { builtInSet, type DataSet } from "../sets/sets.ts";
import { taskOf } from "../tasks/tasks.ts";
import { shared as words } from "../words/shared.ts";
import { CORE } from "./core.ts";
import type { Parts } from "./experiment.ts";
import type { OwnData } from "./own_data.ts";

/** Returns the data that settings name: a built-in set, or the user's data. */
export async function dataOf(settings: Settings, own: OwnData | undefined): Promise<DataSet> {
  const { set } = settings;
  const data = set === "own" ? own : await builtInSet(set);
  if (!data) throw new Error(words.problems.noData);
  return set === "own" && !own!.isWhole ? readableIn(data, settings) : data;
}

/** Splits off a part of the training examples for validation, if the settings ask for it. */
export function partsOf({ train, test }: DataSet, settings: Settings): Parts {
  const { validation } = settings;
  if (validation === 0 || train.length === 0) return { train, validation: [], test };
  return { ...taskOf(settings).split(CORE, train, validation, settings), test };
}

/** Returns the examples that still have words, or symbols, after HTML is stripped. */
function readableIn({ train, test }: DataSet, settings: Settings): DataSet {
  if (!settings.stripHtml) return { train, test };
  const { models, stripping, unit } = taskOf(settings);
  const reading = { task: models, unit: unit(settings), ...stripping };
  return { train: splitUsable(reading, train).usable, test: splitUsable(reading, test).usable };
}
