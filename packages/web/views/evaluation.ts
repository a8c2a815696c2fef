/**
 * The quality of the network: its confusion matrix and its most confident mistakes.
 *
 * @module
 */
import type { Evaluation, TranslationEvaluation } from "@unroll/core/texts";
import { atFrame, el, fill, say } from "../dom.ts";
import type { EvaluationReport } from "../run_protocol.ts";
import { oneNumber, setNumbers } from "../readings.ts";
import { count, percent, words } from "../words.ts";

const text = words.evaluation;
const MOST_LABELS = 12; // in a table that is still readable
const MOST_LEVEL = 5; // labels whose names fit horizontally above their columns
const FULL_SHADE = 0.35; // so that the numbers stay readable on it

/** The confusion matrix and the mistakes. */
export class EvaluationView {
  readonly root: HTMLElement;
  readonly #title = el("h2", { id: "evaluation" }, text.title);
  readonly #mistakesTitle = el("h3", {}, text.mistakes);
  readonly #frame = atFrame();
  readonly #lede = el("p", { class: "lede" });
  readonly #matrix = el("div", {
    class: "scroll",
    tabindex: 0,
    role: "region",
    "aria-label": text.title,
  });
  readonly #majority = el("p", { class: "note" });
  readonly #mistakes = el("div", { class: "wrong" });

  /**
   * @param look Shows a sentence in the picture.
   * @param after The elements to show after the accuracy of the majority class.
   */
  constructor(readonly look: (sentence: string) => void, after: HTMLElement[]) {
    this.root = el(
      "section",
      { class: "evaluation", "aria-labelledby": "evaluation" },
      this.#title,
      this.#lede,
      this.#matrix,
      this.#majority,
      ...after,
      this.#mistakesTitle,
      this.#mistakes,
    );
  }

  /** Shows an evaluation. */
  show(report: EvaluationReport): void {
    this.#frame(() => this.#draw(report));
  }

  #draw({ found, on, count: examples }: EvaluationReport): void {
    const isLabels = found.kind === "labels";
    this.#matrix.hidden = !isLabels;
    this.#mistakesTitle.hidden = this.#mistakes.hidden = found.kind === "texts";
    say(this.#lede, (isLabels ? text.lede : text.ledePlain)[on](examples));
    if (found.kind === "labels") {
      say(this.#title, text.title);
      this.#drawLabels(found.evaluation);
    } else if (found.kind === "pairs") {
      const { exact, accuracy, mistakes } = found.evaluation;
      say(this.#title, text.titlePairs);
      say(this.#majority, text.pairs(percent(exact), percent(accuracy)));
      fill(this.#mistakes, mistakes.length === 0 ? noMistakes() : this.#pairs(mistakes));
    } else {
      const { loss, accuracy, unit } = found;
      const bits = (loss / Math.LN2).toFixed(2), perplexity = Math.exp(loss).toFixed(1);
      say(this.#title, text.titleTexts);
      say(this.#majority, text.texts(bits, unit, perplexity, percent(accuracy)));
    }
  }

  #pairs(mistakes: TranslationEvaluation["mistakes"]): HTMLElement {
    return el(
      "ol",
      {},
      ...mistakes.map(({ text: source, actual, predicted, probability }) =>
        el(
          "li",
          {},
          this.#button(source, source),
          el(
            "span",
            { class: "note" },
            `${text.gives} ${predicted}, ${percent(probability)}; ${text.is} ${actual}`,
          ),
        )
      ),
    );
  }

  #button(sentence: string, shown: string): HTMLElement {
    return el("button", {
      type: "button",
      class: "sentence",
      title: text.look(sentence),
      click: () => this.look(sentence),
    }, shown);
  }

  #drawLabels(evaluation: Evaluation): void {
    const { labels, confusion, mistakes, majority } = evaluation;
    say(this.#majority, text.majority(majority.label, percent(majority.accuracy)));
    this.#matrix.hidden = !confusion;
    const shown = labels.map((_, i) => i).sort((a, b) => labels[b].support - labels[a].support)
      .slice(0, MOST_LABELS).sort((a, b) => a - b);
    const cells = shown.map((i) => {
      const support = Math.max(1, labels[i].support);
      return el(
        "tr",
        {},
        el("th", { scope: "row" }, labels[i].label),
        ...shown.map((j) => {
          const n = confusion?.[i][j] ?? 0;
          const cell = el("td", {
            class: i === j ? "right" : "wrong",
          }, n === 0 ? "·" : count(n));
          const said = text.cell(n, labels[i].label, labels[j].label);
          setNumbers(cell, oneNumber(count(n), said));
          cell.style.setProperty("--share", String(FULL_SHADE * n / support));
          return cell;
        }),
      );
    });
    fill(
      this.#matrix,
      el(
        "table",
        { class: shown.length > MOST_LEVEL ? "confusion many" : "confusion" },
        el(
          "thead",
          {},
          el(
            "tr",
            {},
            el("td", {}, `${text.actual} ↓ ${text.predicted} →`),
            ...shown.map((j) => el("th", { scope: "col" }, labels[j].label)),
          ),
        ),
        el("tbody", {}, ...cells),
      ),
      labels.length > shown.length &&
        el("p", { class: "note" }, text.cut(shown.length, labels.length)),
    );
    fill(this.#mistakes, mistakes.length === 0 ? noMistakes() : this.#list(mistakes));
  }

  #list(mistakes: Evaluation["mistakes"]): HTMLElement {
    return el(
      "ol",
      {},
      ...mistakes.map(({ text: sentence, word, actual, predicted, probability }) =>
        el(
          "li",
          {},
          this.#button(sentence, word === undefined ? sentence : `${word} – ${sentence}`),
          el(
            "span",
            { class: "note" },
            `${text.predicted} ${predicted}, ${percent(probability)}; ${text.is} ${actual}`,
          ),
        )
      ),
    );
  }
}

function noMistakes(): HTMLElement {
  return el("p", { class: "empty" }, text.allRight);
}
