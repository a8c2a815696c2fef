/**
 * The files that a command line names for the data of the page.
 *
 * @module
 */
import type { DataPreview } from "./protocol.ts";
import type { DataFiles } from "./command.ts";
import type { Settings } from "./settings.ts";
import { words } from "./words.ts";

/** What the command line reads: the data, the model it goes on from, and what to save first. */
export function filesOf(
  { set }: Settings,
  own: DataPreview | undefined,
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
  const { name = "data.csv", textColumn: text = "text", labelColumn: label = "label" } = own ?? {};
  if (own?.isWhole) return { from, data: { train: name } };
  return { from, data: { train: name, columns: { text, label } } };
}
