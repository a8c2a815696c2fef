/**
 * Typical right answers on a page, their words marked.
 *
 * @module
 */
import { type AnyModel, type Backend, type RightAnswer, typicalAnswers } from "@unroll/core";
import type { FigureTable } from "./report_data.ts";
import { LABEL, percent, printable } from "./terminal.ts";
import { type MarkedPiece, markTexts, type TextOnPage, withWord } from "./why_view.ts";

/** Texts that are asked about for typical answers. */
export const ASKED = 500;
const MOST = 8; // labels that have one
const LONG = 300; // columns of a text on a page

/** A right answer, and its text. */
export interface RightText extends RightAnswer, TextOnPage {}

/** A table of the right answers that are typical of their labels; none where none is right. */
export async function typicalTables(
  backend: Backend,
  model: AnyModel,
  right: readonly RightText[],
): Promise<FigureTable<string | MarkedPiece[]>[]> {
  const some = typicalAnswers(right, MOST);
  if (some.length === 0) return [];
  const marked = await markTexts(backend, model, some);
  return [{
    title: "Typical right answers",
    about: "For each label, of its right answers that of the median probability.",
    head: ["label", "probability", "text"],
    rows: some.map(({ text, word, label, probability }, i) => [
      printable(label, LABEL),
      percent(probability),
      withWord(word, marked[i] ?? printable(text, LONG)),
    ]),
  }];
}
