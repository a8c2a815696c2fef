/**
 * Predicts labels for the series in a file.
 *
 * @module
 */
import type { Field, SeriesClassificationModel } from "@unroll/core";
import { writeAnswers } from "../files/answers.ts";
import { LABEL, percent, print, printable, table } from "../output/terminal.ts";
import { reportLeftOut } from "../run/examples.ts";
import { readColumns } from "./labeled_series.ts";
import { serveSeries } from "./serving.ts";
import type { FileSettings, OwnPrediction } from "./task.ts";

const AT_ONCE = 1000; // series per batch

/** The predict command for models that classify series. */
export const seriesPrediction: OwnPrediction<SeriesClassificationModel> = {
  flags: ["probabilities", "time", "series", "layout", "decimal", "day-first", "max-gap"],
  models: "a model that predicts labels",
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

/** The HTTP service of models that classify series. */
export const seriesServing = serveSeries<SeriesClassificationModel>({
  async answer(predictor, asked) {
    const answers = await predictor.predict(asked.map(({ series }) => series));
    return answers.map(({ label, probabilities, logits, rows }) => (
      { label, probability: probabilities[label], probabilities, logits, rows }
    ));
  },
});

/** Saves or writes predictions for series, and returns whether it did. */
export async function saveRows(
  rows: readonly Field[][],
  settings: FileSettings,
): Promise<boolean> {
  const isWritten = await writeAnswers(rows, settings), { out } = settings;
  if (out !== undefined) print(`Saved ${printable(out)}: ${rows.length} series.`);
  return isWritten;
}
