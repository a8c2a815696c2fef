/**
 * The data of a run, by what each part of it is for.
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

/** The data that settings name: a built-in set, or the visitor's own. */
export async function dataOf(settings: Settings, own: OwnData | undefined): Promise<DataSet> {
  const { set } = settings;
  const data = set === "own" ? own : await builtInSet(set);
  if (!data) throw new Error(words.problems.noData);
  return set === "own" && !own!.isWhole ? readableIn(data, settings) : data;
}

/** Data with a part of the training examples set aside, where settings ask for that. */
export function partsOf({ train, test }: DataSet, settings: Settings): Parts {
  const { validation } = settings;
  if (validation === 0 || train.length === 0) return { train, validation: [], test };
  return { ...taskOf(settings).split(CORE, train, validation, settings), test };
}

/** The examples that have words, or symbols, where HTML is left out. */
function readableIn({ train, test }: DataSet, settings: Settings): DataSet {
  if (!settings.stripHtml) return { train, test };
  const { models, stripping, unit } = taskOf(settings);
  const reading = { task: models, unit: unit(settings), ...stripping };
  return { train: splitUsable(reading, train).usable, test: splitUsable(reading, test).usable };
}
