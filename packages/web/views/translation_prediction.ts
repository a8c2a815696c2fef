/**
 * A translation in the picture: a row of fields below the columns for each of its symbols, that show
 * the attention weights.
 *
 * @module
 */
import { el, fill } from "../dom.ts";
import type { Look } from "../protocol.ts";
import { percent, words } from "../words.ts";
import type { PredictionView } from "./prediction_view.ts";
import { shown } from "./symbols.ts";

const text = words.unrolled;

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
          ...targetOf(look).map((symbol, i) => {
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
    const symbols = targetOf(look).map(shown);
    fill(targets, ...symbols.map((symbol) => el("b", {}, symbol)));
    return `${text.wrote} ${symbols.join("")}, ${
      text.sure(percent(look.translation.probability))
    }.`;
  },
};

function targetOf({ translation }: Look): string[] {
  return translation?.attention?.target ?? [...translation?.target ?? ""];
}
