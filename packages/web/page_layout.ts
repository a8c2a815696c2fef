/**
 * The layout of the page: where each part goes.
 *
 * @module
 */
import { el } from "./dom.ts";
import { layFrame } from "./frame.ts";
import { settingsSheet } from "./views/settings_sheet.ts";
import { words } from "./words.ts";

/** The parts, each drawn by a separate file. */
export interface PageParts {
  /** The button of the tour, and the tour's card. */
  tour: { button: HTMLElement; root: HTMLElement };
  files: { root: HTMLElement; dialog: HTMLElement };
  dialog: HTMLElement;
  notices: HTMLElement;
  transport: HTMLElement;
  /** The dialog that asks before a run is lost. */
  asking: HTMLElement;
  /** The button that removes the turning word, or restores it. */
  turn: HTMLElement;
  /** A training step, word by word. */
  walk: HTMLElement;
  setup: HTMLElement;
  /** The question with the network's answer, above the picture; how to read it, below. */
  question: HTMLElement;
  lede: HTMLElement;
  sentence: HTMLElement;
  samples: HTMLElement;
  /** The names of the two networks when a run is kept, and the kept network's picture. */
  compared: { now: HTMLElement; picture: HTMLElement };
  unrolled: HTMLElement;
  /** The equations of the unit and the step that the visitor points at. */
  numbers: HTMLElement;
  writer: HTMLElement;
  details: HTMLElement;
  learning: HTMLElement;
  evaluation: HTMLElement;
  /** The tools: new texts, and a report. */
  use: HTMLElement;
  backward: { root: HTMLElement; gradients: HTMLElement };
  reach: HTMLElement;
  /** How far each word reaches. */
  memory: HTMLElement;
  weights: HTMLElement;
}

/** Adds the parts to the page. */
export function layOut(parts: PageParts): void {
  const sheet = settingsSheet(parts.setup);
  layFrame({
    here: "texts",
    title: words.page.title,
    lede: words.page.lede,
    doors: [parts.tour.button, parts.files.root],
    above: [parts.notices, el("div", { class: "bar" }, parts.transport, sheet.button)],
    main: [
      el(
        "div",
        { class: "stage" },
        sheet.root,
        el(
          "section",
          { class: "unrolled", "aria-label": words.unrolled.title },
          parts.question,
          el(
            "div",
            { class: "asking" },
            el("label", { for: parts.sentence.id }, words.unrolled.sentence),
            parts.sentence,
            parts.turn,
            parts.samples,
          ),
          parts.walk,
          parts.compared.now,
          parts.unrolled,
          parts.compared.picture,
          parts.numbers,
          parts.lede,
          parts.writer,
          parts.details,
          parts.use,
        ),
        el("div", { class: "results" }, parts.learning, parts.evaluation),
      ),
      el(
        "div",
        { class: "below" },
        parts.backward.root,
        parts.reach,
        parts.memory,
        parts.backward.gradients,
        parts.weights,
      ),
    ],
    after: [
      parts.tour.root,
      parts.dialog,
      parts.files.dialog,
      parts.asking,
    ],
  });
}
