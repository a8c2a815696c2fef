/**
 * The most probable next symbols in the picture, in a list.
 *
 * @module
 */
import { el, say } from "../dom.ts";
import { percent } from "../words.ts";
import type { PredictionView } from "./prediction_view.ts";
import { shown, shownStart } from "./symbols.ts";

const CANDIDATES = 4; // next symbols that are shown

/** The most probable symbols after each symbol. */
export const candidatesView: PredictionView = {
  className: "writes",
  hasOutputs: true,
  shownWord: (word, t) => t === 0 ? shownStart(word) : shown(word),
  create(_, { word }) {
    const candidates = Array.from({ length: CANDIDATES }, () => {
      const name = el("b"), share = el("span");
      return { row: el("span", { class: "candidate" }, name, share), name, share };
    });
    const summary = () => candidates[0].row.textContent;
    return {
      above: el("div", { class: "prediction candidates" }, ...candidates.map(({ row }) => row)),
      paint({ probabilities, labels, words }, t) {
        const p = probabilities[t];
        const order = p.map((_, i) => i).sort((a, b) => p[b] - p[a]);
        for (const [i, { row, name, share }] of candidates.entries()) {
          const id = order[i];
          row.hidden = id === undefined;
          if (row.hidden) continue;
          say(name, shown(labels[id]));
          say(share, percent(p[id]));
          row.classList.toggle("next", words[t + 1] === labels[id]);
          row.style.setProperty("--p", String(p[id]));
        }
        word.setAttribute("aria-label", `${shown(words[t])}: ${summary()}`);
      },
      summary,
    };
  },
};
