/**
 * A column of the picture: a word, the state after it, and what the network says then.
 *
 * @module
 */
import { CELLS } from "../cells.ts";
import { el, svg } from "../dom.ts";
import type { Look } from "../protocol.ts";
import { words } from "../words.ts";
import type { ColumnPrediction, PredictionView } from "./prediction_view.ts";
import type { Strip, StripName } from "./strips.ts";

const text = words.unrolled;
const NARROW = 11; // pixels of a gate's strip

/** The parts of a column that change. */
export interface Column {
  root: HTMLElement;
  prediction: ColumnPrediction;
  strips: Strip[];
  gradient: { bar: HTMLElement; value: HTMLElement };
}

/** How a column is made. */
export interface ColumnOptions {
  /** How its prediction is shown. */
  view: PredictionView;
  /** Its strips, of each direction. */
  strips: readonly StripName[];
  /** Whether these are named. */
  hasCaptions: boolean;
  /** Whether the arrows lead back. */
  isBackward: boolean;
}

/** What happens at a column. */
export interface ColumnActions {
  /** Its word is pointed at. */
  word(t: number): void;
  /** A strip of a direction is pointed at. */
  point(event: Event, direction: number, t: number): void;
}

/** The column of a word. */
export function createColumn(
  look: Look,
  t: number,
  { view, strips: names, hasCaptions, isBackward }: ColumnOptions,
  actions: ColumnActions,
): Column {
  const strips = names.map(({ direction, name }): Strip => {
    const canvas = el("canvas", { "aria-hidden": "true", class: name === "h" ? "state" : name });
    if (name.length === 1 && name !== "h") canvas.style.width = `${NARROW}px`;
    canvas.addEventListener("pointermove", (event) => actions.point(event, direction, t));
    canvas.addEventListener("click", (event) => actions.point(event, direction, t));
    return { canvas, direction, name };
  });
  const directions = look.config.bidirectional ? [false, true] : [false];
  const isFirst = t === 0, isLast = t === look.words.length - 1;
  const known = look.ids[t] > 0;
  const button = el("button", {
    type: "button",
    class: known ? "word" : "word unknown",
    title: known ? undefined : text.unknown,
    click: () => actions.word(t),
    focus: () => actions.word(t),
    pointerenter: (event) => {
      if ((event as PointerEvent).pointerType === "mouse") actions.word(t);
    },
  }, view.shownWord(look.words[t], t));
  const bar = el("span", { class: "bar" }), value = el("span", { class: "value" });
  const tag = el("span", { class: "tag" });
  const prediction = view.create(look, { word: button, tag });
  const root = el(
    "div",
    { class: "step" },
    prediction.above,
    // Where the last state alone is read, the loss comes in there alone.
    (isBackward && look.config.head === "last" && !isLast) || !view.hasOutputs
      ? el("div", { class: "up" })
      : arrowUp(isFirst || (isBackward && isLast) ? "Why" : "", isBackward),
    el(
      "div",
      { class: "cells" },
      wires(isFirst ? [false] : directions, isBackward, "left"),
      t === 1 && CELLS[look.config.cell].hasWhh &&
        el("span", { class: "on-wire" }, "Whh"),
      ...strips.map(({ canvas, name }) =>
        el(
          "span",
          { class: "strip" },
          canvas,
          hasCaptions && el("span", { class: "caption", title: text.gateNames[name] }, name),
        )
      ),
      wires(isLast ? [] : directions, isBackward, "right"),
    ),
    arrowUp(isFirst ? "Wxh" : "", isBackward),
    el(
      "div",
      { class: "foot" },
      look.config.embedding === 0 && oneHot(look, t),
      button,
      tag,
    ),
    prediction.below ??
      el("div", { class: "gradient", title: text.gradientHelp }, bar, value),
  );
  root.style.setProperty("--from-end", String(look.words.length - 1 - t));
  return { root, prediction, strips, gradient: { bar, value } };
}

/** A word as its one-hot row: a line as long as the vocabulary, and its one. */
function oneHot(look: Look, t: number): HTMLElement {
  const id = look.ids[t];
  const row = el("span", { class: "one-hot", title: text.oneHot(id, look.vocabulary) });
  row.style.setProperty("--place", String(id / Math.max(1, look.vocabulary - 1)));
  return row;
}

function arrowUp(name: string, isDown: boolean): HTMLElement {
  const path = isDown ? "M6 0V16M2.5 11.5L6 16L9.5 11.5" : "M6 18V2M2.5 6.5L6 2L9.5 6.5";
  return el(
    "div",
    { class: "up" },
    svg(
      "svg",
      { viewBox: "0 0 12 18", class: "arrow", "aria-hidden": "true" },
      svg("path", { d: path }),
    ),
    name !== "" && el("span", { class: "on-arrow" }, name),
  );
}

/** What leads from one strip to the next, a wire for each direction; a column has its half of it. */
export function wires(
  directions: readonly boolean[],
  isBackward: boolean,
  side: "left" | "right",
): HTMLElement {
  return el(
    "span",
    { class: `wires ${side}` },
    ...directions.map((reverse) =>
      el("i", { class: reverse !== isBackward ? "to-left" : "to-right" })
    ),
  );
}
