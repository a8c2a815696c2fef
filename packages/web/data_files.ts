/**
 * The files that a command line names for the page's data.
 *
 * @module
 */
import type { DataSource } from "./data_protocol.ts";
import type { DataFiles } from "./command.ts";
import type { Settings } from "./settings.ts";
import { words } from "./words.ts";

/** What the command line reads: data files, the model to continue from, and what to save first. */
export function filesOf(
  { set }: Settings,
  source: DataSource | undefined,
  from: string | undefined,
): { data?: DataFiles; from?: string; note?: string } {
  if (set === "moods") return { from };
  if (set === "tags") {
    const folder = "examples/tagging";
    return { from, data: { train: [`${folder}/train.csv`], test: `${folder}/test.csv` } };
  }
  if (set !== "own") {
    const name = `${set}.csv`, data = { train: [name], test: `${set}-test.csv` };
    return { from, data, note: words.files.notHere(name, data.test) };
  }
  const { name = "data.csv", names, columns, written, isPasted } = source ?? {};
  const note = isPasted ? words.files.notHere(name) : undefined;
  return { from, data: { train: names ?? [name], columns, written }, note };
}
