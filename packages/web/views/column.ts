/**
 * A column of the picture: a word, the state after it, and what the network says then.
 *
 * @module
 */
import { el, svg } from "../dom.ts";
import type { Look } from "../protocol.ts";
import { words } from "../words.ts";
import { isWriting, shown, shownStart } from "./saying.ts";

const text = words.unrolled;
const FEW_LABELS = 4; // whose probabilities stand side by side
const CANDIDATES = 4; // next symbols that are shown
const NARROW = 11; // pixels of a gate's strip

/** Numbers of a cell at a word. */
export interface Strip {
  canvas: HTMLCanvasElement;
  way: number;
  /** `h`, `c`, a gate, or `gradient`. */
  name: string;
}

/** The likeliest next symbols, one below the other. */
export interface Candidate {
  row: HTMLElement;
  name: HTMLElement;
  share: HTMLElement;
}

/** The parts of a column that change. */
export interface Column {
  candidates: Candidate[];
  looked: HTMLElement;
  root: HTMLElement;
  word: HTMLButtonElement;
  verdict: HTMLElement;
  bars: HTMLElement[];
  percent: HTMLElement;
  label: HTMLElement;
  tag: HTMLElement;
  strips: Strip[];
  gradient: { bar: HTMLElement; value: HTMLElement };
}

/** How a column is made. */
export interface ColumnOptions {
  /** Its strips, of each direction. */
  strips: readonly { way: number; name: string }[];
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
  point(event: Event, way: number, t: number): void;
}

/** The column of a word. */
export function createColumn(
  look: Look,
  t: number,
  { strips: names, hasCaptions, isBackward }: ColumnOptions,
  actions: ColumnActions,
): Column {
  const { labels } = look, word = look.words[t];
  const bars = (labels.length <= FEW_LABELS ? labels : [""]).map((label) =>
    el("span", { title: label })
  );
  const isTranslating = look.task === "translate";
  const candidates = Array.from({ length: isWriting(look) ? CANDIDATES : 0 }, (): Candidate => {
    const name = el("b"), share = el("span");
    return { row: el("span", { class: "candidate" }, name, share), name, share };
  });
  const looked = el("div", { class: "looked" });
  const percentage = el("span", { class: "percent" }), label = el("span", { class: "label" });
  const verdict = isWriting(look)
    ? el("div", { class: "verdict candidates" }, ...candidates.map(({ row }) => row))
    : isTranslating
    ? el("div", { class: "verdict" })
    : el(
      "div",
      { class: "verdict" },
      percentage,
      el("div", { class: "bars" }, ...bars),
      label,
    );
  const strips = names.map(({ way, name }): Strip => {
    const canvas = el("canvas", { "aria-hidden": "true", class: name === "h" ? "state" : name });
    if (name.length === 1 && name !== "h") canvas.style.width = `${NARROW}px`;
    canvas.addEventListener("pointermove", (event) => actions.point(event, way, t));
    canvas.addEventListener("click", (event) => actions.point(event, way, t));
    return { canvas, way, name };
  });
  const ways = look.config.bidirectional ? [false, true] : [false];
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
  }, t === 0 && isWriting(look) ? shownStart(word) : shown(word));
  const bar = el("span", { class: "bar" }), value = el("span", { class: "value" });
  const tag = el("span", { class: "tag" });
  const root = el(
    "div",
    { class: "step" },
    verdict,
    // Where the last state alone is read, the loss comes in there alone.
    (isBackward && look.config.head === "last" && !isLast) || isTranslating
      ? el("div", { class: "up" })
      : arrowUp(isFirst || (isBackward && isLast) ? "Why" : "", isBackward),
    el(
      "div",
      { class: "cells" },
      wires(isFirst ? [false] : ways, isBackward, "left"),
      t === 1 && el("span", { class: "on-wire" }, "Whh"),
      ...strips.map(({ canvas, name }) =>
        el(
          "span",
          { class: "strip" },
          canvas,
          hasCaptions && el("span", { class: "caption", title: text.gateNames[name] }, name),
        )
      ),
      wires(isLast ? [] : ways, isBackward, "right"),
    ),
    arrowUp(isFirst ? "Wxh" : "", isBackward),
    el(
      "div",
      { class: "foot" },
      look.config.embedding === 0 && oneHot(look, t),
      button,
      tag,
    ),
    isTranslating ? looked : el("div", { class: "gradient", title: text.gradientHelp }, bar, value),
  );
  root.style.setProperty("--from-end", String(look.words.length - 1 - t));
  return {
    candidates,
    looked,
    root,
    word: button,
    verdict,
    bars,
    percent: percentage,
    label,
    tag,
    strips,
    gradient: { bar, value },
  };
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
  ways: readonly boolean[],
  isBackward: boolean,
  side: "left" | "right",
): HTMLElement {
  return el(
    "span",
    { class: `wires ${side}` },
    ...ways.map((reverse) => el("i", { class: reverse !== isBackward ? "to-left" : "to-right" })),
  );
}
