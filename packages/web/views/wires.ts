/**
 * The arrows of the picture.
 *
 * @module
 */
import { el, svg } from "../dom.ts";
import { mathOf } from "./weight_names.ts";

/** Creates an arrow up to the next part, or back down from it, with the name of its weights. */
export function arrowUp(name: string, isDown: boolean): HTMLElement {
  const path = isDown ? "M6 0V16M2.5 11.5L6 16L9.5 11.5" : "M6 18V2M2.5 6.5L6 2L9.5 6.5";
  return el(
    "div",
    { class: "up" },
    svg(
      "svg",
      { viewBox: "0 0 12 18", class: "arrow", "aria-hidden": "true" },
      svg("path", { d: path }),
    ),
    name !== "" && el("span", { class: "on-arrow" }, ...mathOf(name)),
  );
}

/** Creates one column's half of the wires between strips, a wire for each direction. */
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
