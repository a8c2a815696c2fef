/**
 * The examples of each shape, as drawn.
 *
 * @module
 */
import { labelClass } from "../colors.ts";
import { atFrame, el, fill, svg } from "../dom.ts";
import { gestures as words } from "../words/gestures.ts";
import type { Gesture } from "./gestures_protocol.ts";
import type { Shape } from "./gestures_store.ts";

const text = words.examples;
const SHOWN = 24; // thumbnails per shape
const SIDE = 100; // of a thumbnail, in its own units
const MARGIN = 14;

/** What the visitor can do with examples. */
export interface ExampleActions {
  rename(shape: number, name: string): void;
  replay(gesture: Gesture): void;
  remove(gesture: Gesture): void;
  sample(shape: number): void;
}

/** The view. */
export class ExamplesView {
  readonly root = el("div", { class: "shapes" });
  readonly #frame = atFrame();

  constructor(readonly actions: ExampleActions) {}

  /**
   * Shows the shapes and their examples.
   *
   * @param predicted The prediction for each example when it was left out of training.
   */
  show(
    shapes: readonly Shape[],
    gestures: readonly Gesture[],
    predicted: readonly (string | undefined)[] = [],
  ): void {
    const parts = shapes.map((shape, i) => {
      const own = gestures.flatMap((gesture, k) =>
        gesture.label === shape.name ? [{ gesture, predicted: predicted[k] }] : []
      );
      return this.#shape(shape, i, own);
    });
    this.#frame(() => {
      const key = document.activeElement?.getAttribute("data-key");
      fill(this.root, ...parts);
      const again = key && this.root.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`);
      if (again) again.focus();
    });
  }

  #shape(
    { name, sample }: Shape,
    place: number,
    own: readonly { gesture: Gesture; predicted?: string }[],
  ): HTMLElement {
    const { rename, sample: add } = this.actions;
    const field = el("input", {
      type: "text",
      value: name,
      maxlength: 40,
      "aria-label": text.name(name),
      "data-key": `name-${place}`,
      change: () => rename(place, field.value.trim()),
    });
    return el(
      "section",
      { class: `shape-examples ${labelClass(place)}`, "aria-label": name },
      el(
        "div",
        { class: "head" },
        field,
        el("span", { class: "note" }, text.count(own.length)),
        sample !== undefined && el("button", {
          type: "button",
          class: "link",
          "aria-label": text.sampleOf(name),
          "data-key": `sample-${place}`,
          click: () => add(place),
        }, text.sample),
      ),
      el(
        "div",
        { class: "thumbs" },
        ...own.slice(0, SHOWN).map(({ gesture, predicted }, i) =>
          this.#thumb(gesture, i + 1, place, predicted)
        ),
        own.length > SHOWN && el("span", { class: "note" }, text.more(own.length - SHOWN)),
      ),
    );
  }

  #thumb(gesture: Gesture, number: number, place: number, predicted?: string): HTMLElement {
    const { label } = gesture, { replay, remove } = this.actions;
    const isMistaken = predicted !== undefined && predicted !== label;
    const name = text.replay(label, number) + (isMistaken ? text.mistaken(predicted) : "");
    return el(
      "span",
      { class: isMistaken ? "thumb mistaken" : "thumb" },
      el("button", {
        type: "button",
        class: "replay",
        "aria-label": name,
        title: name,
        "data-key": `replay-${place}-${number}`,
        click: () => replay(gesture),
      }, picture(gesture)),
      el("button", {
        type: "button",
        class: "remove",
        "aria-label": text.remove(label, number),
        title: text.remove(label, number),
        "data-key": `remove-${place}-${number}`,
        click: () => remove(gesture),
      }, "×"),
    );
  }
}

/** Draws a stroke scaled to its thumbnail, with a dot at its start. */
function picture({ x, y }: Gesture): SVGSVGElement {
  const [left, right, low, high] = [
    least(x),
    -least(x.map((v) => -v)),
    least(y),
    -least(y.map((v) => -v)),
  ];
  const scale = (SIDE - 2 * MARGIN) / (Math.max(right - left, high - low) || 1);
  const px = (value: number) => (SIDE / 2 + scale * (value - (left + right) / 2)).toFixed(1);
  const py = (value: number) => (SIDE / 2 - scale * (value - (low + high) / 2)).toFixed(1);
  return svg(
    "svg",
    { viewBox: `0 0 ${SIDE} ${SIDE}`, "aria-hidden": "true" },
    svg("polyline", { points: x.map((value, t) => `${px(value)},${py(y[t])}`).join(" ") }),
    svg("circle", { cx: px(x[0]), cy: py(y[0]), r: 6 }),
  );
}

function least(values: readonly number[]): number {
  return values.reduce((a, b) => Math.min(a, b), Infinity);
}
