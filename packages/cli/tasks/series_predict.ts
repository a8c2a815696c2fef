/**
 * The labels of the series in a file.
 *
 * @module
 */
import {
  type Field,
  formatByName,
  isTableFormat,
  type SeriesClassificationModel,
  writeHeader,
  writeRow,
} from "@unroll/core";
import { saveFile } from "../files/saving.ts";
import { LABEL, percent, print, printable, table, write } from "../output/terminal.ts";
import { reportLeftOut } from "../run/examples.ts";
import { readColumns } from "./labeled_series.ts";
import type { FileSettings, OwnPrediction } from "./task.ts";

const AT_ONCE = 1000; // series

/** What the predict command does with a model that labels series. */
export const seriesPrediction: OwnPrediction<SeriesClassificationModel> = {
  flags: ["probabilities", "time", "series", "layout", "decimal", "day-first", "max-gap"],
  models: "a model that gives labels",
  usage: "this model labels series of numbers: give them with --data FILE",
  async file(predictor, settings) {
    const { model } = predictor, { labels, columns } = model;
    const { data, probabilities: hasAll } = settings;
    const found = await readColumns([data], settings, columns, {
      usual: model.dataColumns,
      skipLabel: true,
    });
    reportLeftOut(found.leftOut);
    const { series, readings: [reading] } = found;
    const rows: Field[][] = [];
    for (let at = 0; at < series.length; at += AT_ONCE) {
      const some = series.slice(at, at + AT_ONCE);
      for (const [i, answer] of (await predictor.predict(some)).entries()) {
        const { label, probabilities } = answer;
        rows.push([
          [reading.series ?? "series", some[i].name ?? String(at + i + 1)],
          ["label", label],
          ["probability", probabilities[label]],
          ...(hasAll
            ? labels.map((each): Field => [`probability_${each}`, probabilities[each]])
            : []),
        ]);
      }
    }
    if (await saveRows(rows, settings)) return 0;
    const shown = rows.map(([[, name], [, label], [, probability]]) => [
      printable(String(name), LABEL),
      printable(String(label), LABEL),
      percent(Number(probability)),
    ]);
    for (const line of table([["series", "label", "probability"], ...shown], [0, 1])) print(line);
    return 0;
  },
};

/** Writes answers where a file, a pipe or JSON is asked for; else a terminal waits for a table. */
export async function saveRows(
  rows: readonly Field[][],
  { out, json, format }: FileSettings,
): Promise<boolean> {
  const byName = formatByName(out ?? "");
  const isWritten = byName === "jsonl" || byName !== undefined && isTableFormat(byName);
  const written = json ? "jsonl" : format ?? (isWritten ? byName : "csv");
  const options = { format: written };
  const text = writeHeader(rows[0].map(([name]) => name), options) +
    rows.map((row) => writeRow(row, options)).join("");
  if (out !== undefined) {
    await saveFile(out, new TextEncoder().encode(text) as Uint8Array<ArrayBuffer>);
    print(`Saved ${printable(out)}: ${rows.length} series.`);
  } else if (json || !Deno.stdout.isTerminal()) write(text);
  else return false;
  return true;
}
