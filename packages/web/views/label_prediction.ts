/**
 * Labels in the picture: of the text so far, or of each word.
 *
 * @module
 */
import { labelClass } from "../colors.ts";
import { el, say } from "../dom.ts";
import type { Look } from "../picture_protocol.ts";
import { type Numbers, setNumbers } from "../readings.ts";
import { percent, words } from "../words.ts";
import {
  argmax,
  type ColumnPrediction,
  knowsSome,
  type PredictionView,
} from "./prediction_view.ts";
import { shown } from "./symbols.ts";

const text = words.unrolled;
const FEW_LABELS = 4; // with probability bars side by side

/** The label after each word, as if the text ended there. */
export const labelView: PredictionView = {
  hasOutputs: true,
  shownWord: shown,
  create(look, { word }) {
    const { above, paint, ...rest } = labelColumn(look);
    return {
      ...rest,
      above,
      paint(look, t) {
        paint(look, t);
        const isKnown = knowsSome(look, t);
        above.classList.toggle("no-answer", !isKnown);
        if (!isKnown) {
          for (const each of above.querySelectorAll(".percent, .label")) say(each, "–");
        }
        const spoken = isKnown ? spokenOf(look, t) : `${look.words[t]}: ${text.noAnswer}`;
        word.setAttribute("aria-label", spoken);
      },
    };
  },
};

/** The label of each word, below it; a wrong one is followed by the right one. */
export const tagView: PredictionView = {
  className: "tags",
  hasOutputs: true,
  shownWord: shown,
  create(look, { word, tag }) {
    const { paint, ...rest } = labelColumn(look);
    return {
      ...rest,
      paint(look, t) {
        paint(look, t);
        const best = argmax(look.probabilities[t]), predicted = look.labels[best];
        const actual = look.actual?.trim().split(/\s+/)[t];
        const isWrong = actual !== undefined && actual !== predicted;
        say(tag, isWrong ? `${predicted}, ${text.shouldBe(actual)}` : predicted);
        tag.className = `tag ${labelClass(best, predicted)}${isWrong ? " mistaken" : ""}`;
        const spoken = spokenOf(look, t);
        word.setAttribute("aria-label", isWrong ? `${spoken}, ${text.shouldBe(actual)}` : spoken);
      },
    };
  },
};

function spokenOf({ labels, probabilities, words }: Look, t: number): string {
  const p = probabilities[t], best = argmax(p);
  return `${words[t]}: ${labels[best]} ${percent(p[best])}`;
}

/** The probabilities after a word; the largest few are read out together. */
function probabilitiesAfter(word: string, labels: readonly string[], p: number[]): Numbers {
  const cell = (row: number) => percent(p[row]);
  return {
    rows: labels.length,
    columns: 1,
    rowName: (row) => labels[row],
    columnName: () => text.predictionAfter(word),
    cell,
    text: () => {
      const order = labels.map((_, i) => i).sort((a, b) => p[b] - p[a]).slice(0, FEW_LABELS);
      const largest = order.map((row) => `${labels[row]} ${cell(row)}`).join(", ");
      return `${text.predictionAfter(word)}: ${largest}`;
    },
    boxOf: () => [0, 0, 0, 0],
  };
}

function labelColumn({ labels }: Look): ColumnPrediction {
  const bars = (labels.length <= FEW_LABELS ? labels : [""]).map((label) =>
    el("span", { title: label })
  );
  const share = el("span", { class: "percent" }), label = el("span", { class: "label" });
  const above = el(
    "div",
    { class: "prediction" },
    share,
    el("div", { class: "bars" }, ...bars),
    label,
  );
  return {
    above,
    paint({ words: all, labels, probabilities }, t) {
      const p = probabilities[t];
      setNumbers(above, probabilitiesAfter(shown(all[t]), labels, p));
      const best = argmax(p);
      say(share, percent(p[best]));
      say(label, labels[best]);
      label.title = labels[best];
      label.className = `label ${labelClass(best, labels[best])}`;
      for (const [i, bar] of bars.entries()) {
        const id = bars.length > 1 ? i : best;
        bar.className = labelClass(id, labels[id]) + (id === best ? " best" : "");
        bar.style.setProperty("--p", String(p[id]));
      }
    },
    summary: () => `${label.textContent}, ${share.textContent}`,
  };
}
