/**
 * Typical correct predictions in the HTML report, with their words marked.
 *
 * @module
 */
import { type AnyModel, type Backend, type RightAnswer, typicalAnswers } from "@unroll/core";
import type { FigureTable } from "./report_data.ts";
import { LABEL, percent, printable } from "./terminal.ts";
import { type MarkedPiece, markTexts, type TextOnPage, withWord } from "./why_view.ts";

/** Number of texts from which typical predictions are chosen. */
export const ASKED = 500;
const MOST = 8; // labels with a typical prediction
const LONG = 300; // columns of a text on a page

/** A correct prediction, with its text. */
export interface RightText extends RightAnswer, TextOnPage {}

/** Returns a table of typical correct predictions by label; none if no prediction is correct. */
export async function typicalTables(
  backend: Backend,
  model: AnyModel,
  right: readonly RightText[],
): Promise<FigureTable<string | MarkedPiece[]>[]> {
  const some = typicalAnswers(right, MOST);
  if (some.length === 0) return [];
  const marked = await markTexts(backend, model, some);
  return [{
    title: "Typical correct predictions",
    about: "For each label, the correct prediction with the median probability.",
    head: ["label", "probability", "text"],
    rows: some.map(({ text, word, label, probability }, i) => [
      printable(label, LABEL),
      percent(probability),
      withWord(word, marked[i] ?? printable(text, LONG)),
    ]),
  }];
}
