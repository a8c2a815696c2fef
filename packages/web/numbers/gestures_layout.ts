/**
 * The layout of the gesture tab.
 *
 * @module
 */
import { el } from "../dom.ts";
import { gestures as words } from "../words/gestures.ts";

/** The parts, in reading order. */
export interface GestureParts {
  notices: HTMLElement;
  /** Above the pad. */
  modes: HTMLElement;
  pad: HTMLElement;
  /** Below the pad. */
  tools: HTMLElement[];
  prediction: HTMLElement;
  examples: HTMLElement;
  /** Below the examples. */
  collection: HTMLElement[];
  learning: HTMLElement;
  files: HTMLElement;
}

/** Creates the tab. */
export function layGestures(parts: GestureParts): HTMLElement {
  const { notices, modes, pad, tools, prediction, examples, collection, learning, files } = parts;
  return el(
    "section",
    { class: "gestures" },
    notices,
    el("h2", {}, words.title),
    el("p", { class: "lede" }, words.lede),
    el("div", { class: "drawing" }, modes, pad, el("div", { class: "pad-tools" }, ...tools)),
    prediction,
    el(
      "section",
      { class: "gesture-examples" },
      el("h3", {}, words.examples.title),
      examples,
      el("div", { class: "files" }, ...collection),
    ),
    learning,
    el(
      "section",
      { class: "gesture-how" },
      el("h3", {}, words.how.title),
      el("p", { class: "lede" }, words.how.lede),
      files,
    ),
  );
}
