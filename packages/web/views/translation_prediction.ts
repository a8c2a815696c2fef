/**
 * A translation in the picture: a row of cells below the columns for each of its symbols, showing
 * the attention weights.
 *
 * @module
 */
import { el, fill } from "../dom.ts";
import type { Look } from "../picture_protocol.ts";
import { percent, words } from "../words.ts";
import type { PredictionView } from "./prediction_view.ts";
import { shown } from "./symbols.ts";

const text = words.unrolled;
const MOST_ROWS = 24; // symbols that get a row of cells
const LONGEST_PERIOD = 4, LEAST_REPEATED = 8; // symbols that repeat, and that make one row

/** The translation of the text. */
export const translationView: PredictionView = {
  className: "translates",
  hasOutputs: false,
  shownWord: shown,
  create(_, { word }) {
    const below = el("div", { class: "looked" });
    return {
      above: el("div", { class: "prediction" }),
      below,
      paint(look, t) {
        if (!look.translation) return;
        const { attention } = look.translation;
        const source = shown(look.words[t]);
        word.setAttribute("aria-label", source);
        fill(
          below,
          ...rowsOf(look).symbols.map((symbol, i) => {
            const share = attention?.weights[i]?.[t] ?? 0;
            const title = text.looked(shown(symbol), source, percent(share));
            const field = el("span", { title });
            field.style.setProperty("--share", String(share));
            return field;
          }),
        );
      },
      summary: ({ translation }) => translation?.target ?? "",
    };
  },
  paintTargets(look, targets) {
    if (!look.translation) return "";
    const { symbols, left, repeated } = rowsOf(look);
    const isAll = left === 0;
    fill(
      targets,
      ...symbols.map((symbol) => el("b", {}, shown(symbol))),
      !isAll && el("b", {}, "…"),
    );
    const written = symbols.map(shown).join("");
    const sure = text.sure(percent(look.translation.probability));
    const note = `${text.wrote} ${written}${isAll ? "" : "…"}, ${sure}.`;
    if (repeated !== undefined) return `${note} ${text.repeats(repeated)}`;
    return isAll ? note : `${note} ${text.more(left)}`;
  },
};

function targetOf({ translation }: Look): string[] {
  return translation?.attention?.target ?? [...translation?.target ?? ""];
}

/** Returns the symbols that get a row, without endless repetition, as from an untrained decoder. */
function rowsOf(look: Look): { symbols: string[]; left: number; repeated?: string } {
  const all = targetOf(look);
  for (let period = 1; period <= LONGEST_PERIOD; period++) {
    let from = all.length - period;
    while (from > 0 && all[from - 1] === all[from - 1 + period]) from--;
    const most = Math.max(LEAST_REPEATED, 2 * period);
    if (all.length - from < most) continue;
    const kept = Math.min(from + 2 * period, MOST_ROWS);
    return {
      symbols: all.slice(0, kept),
      left: all.length - kept,
      repeated: all.slice(from, from + period).map(shown).join(""),
    };
  }
  const symbols = all.slice(0, MOST_ROWS);
  return { symbols, left: all.length - symbols.length };
}
