/**
 * A column of the picture: a word, the state after it, and the prediction at that point.
 *
 * @module
 */
import { CELLS } from "../cells.ts";
import { el } from "../dom.ts";
import type { Look } from "../picture_protocol.ts";
import { oneNumber, setNumbers } from "../readings.ts";
import { words } from "../words.ts";
import type { ColumnPrediction, PredictionView } from "./prediction_view.ts";
import type { Strip, StripName } from "./strips.ts";
import { mathOf } from "./weight_names.ts";
import { arrowUp, wires } from "./wires.ts";

const text = words.unrolled;

/** The parts of a column that change. */
export interface Column {
  root: HTMLElement;
  prediction: ColumnPrediction;
  strips: Strip[];
  gradient: { bar: HTMLElement; value: HTMLElement };
}

/** How to create a column. */
export interface ColumnOptions {
  /** How to show its prediction. */
  view: PredictionView;
  /** Its strips in each layer, by direction. */
  strips: readonly (readonly StripName[])[];
  /** The layer that is open, and whether its strips have captions. */
  open: number;
  hasCaptions: boolean;
  /** Whether the arrows show the backward pass. */
  isBackward: boolean;
}

/** What happens at a column. */
export interface ColumnActions {
  /** The visitor points at its word. */
  word(t: number): void;
  /** The visitor points at a strip. */
  point(event: Event, strip: StripName, t: number): void;
}

/** Creates the column of a word. */
export function createColumn(
  look: Look,
  t: number,
  { view, strips: layers, open, hasCaptions, isBackward }: ColumnOptions,
  actions: ColumnActions,
): Column {
  const strips: Strip[] = [];
  const create = (name: StripName): HTMLElement => {
    const isNarrow = name.name.length === 1 && name.name !== "h";
    const canvas = el("canvas", {
      "aria-hidden": "true",
      class: name.name === "h" ? "state" : isNarrow ? "narrow" : name.name,
    });
    canvas.addEventListener("pointermove", (event) => actions.point(event, name, t));
    canvas.addEventListener("click", (event) => actions.point(event, name, t));
    strips.push({ ...name, canvas });
    const title = text.gateNames[name.name];
    return el(
      "span",
      { class: "strip" },
      canvas,
      hasCaptions && name.layer === open && el("span", { class: "caption", title }, name.name),
    );
  };
  const directions = look.config.bidirectional ? [false, true] : [false];
  const isFirst = t === 0, isLast = t === look.words.length - 1;
  // From the top layer down, each with the arrow below it.
  const ofLayers = layers.map((names, layer) => [
    el(
      "div",
      {
        class: `cells${layer === open ? hasCaptions ? " captioned" : "" : " closed"}`,
      },
      wires(isFirst ? [false] : directions, isBackward, "left"),
      t === 1 && CELLS[look.config.cell].hasWhh &&
        el("span", { class: "on-wire" }, ...mathOf("Whh")),
      ...names.map(create),
      wires(isLast ? [] : directions, isBackward, "right"),
    ),
    arrowUp(isFirst ? "Wxh" : "", isBackward),
  ]).reverse().flat();
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
    // If only the last state is read, the loss enters only there.
    (isBackward && look.config.head === "last" && !isLast) || !view.hasOutputs
      ? el("div", { class: "up" })
      : arrowUp(isFirst || (isBackward && isLast) ? "Why" : "", isBackward),
    ...ofLayers,
    el(
      "div",
      { class: "foot" },
      look.config.embedding === 0 && oneHot(look, t),
      button,
      tag,
    ),
    prediction.below ??
      (isBackward && el("div", { class: "gradient", title: text.gradientHelp }, bar, value)),
  );
  root.style.setProperty("--from-end", String(look.words.length - 1 - t));
  return { root, prediction, strips, gradient: { bar, value } };
}

/** Draws a word's one-hot vector: a line as long as the vocabulary, with a mark at its entry. */
function oneHot(look: Look, t: number): HTMLElement {
  const id = look.ids[t];
  const row = el("span", { class: "one-hot" });
  setNumbers(row, oneNumber(String(id), text.oneHot(id, look.vocabulary)));
  row.style.setProperty("--place", String(id / Math.max(1, look.vocabulary - 1)));
  return row;
}
