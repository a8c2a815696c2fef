/**
 * The files that a command line names for the data of the page.
 *
 * @module
 */
import type { DataSource } from "./protocol.ts";
import type { DataFiles } from "./command.ts";
import type { Settings } from "./settings.ts";
import { words } from "./words.ts";

/** What the command line reads: the data, the model it goes on from, and what to save first. */
export function filesOf(
  { set }: Settings,
  source: DataSource | undefined,
  from: string | undefined,
): { data?: DataFiles; from?: string; note?: string } {
  if (set === "moods") return { from };
  if (set === "tags") {
    const folder = "examples/tagging";
    return { from, data: { train: `${folder}/train.csv`, test: `${folder}/test.csv` } };
  }
  if (set !== "own") {
    const data = { train: `${set}.csv`, test: `${set}-test.csv` };
    return { from, data, note: words.files.notHere(data.train) };
  }
  const { name = "data.csv", columns } = source ?? {};
  return { from, data: { train: name, columns } };
}
