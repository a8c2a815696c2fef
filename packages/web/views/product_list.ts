/**
 * The products in a sum as bars, in the given order, with their values.
 *
 * @module
 */
import { el } from "../dom.ts";
import { digits } from "./math.ts";

/** A term of a sum. */
export interface SumPart {
  /** The name of its source. */
  name: string;
  /** The two numbers whose product it is. */
  factors?: readonly [number, number];
  value: number;
}

/** Creates the list of the terms of a sum. */
export function productList(title: string, parts: readonly SumPart[]): HTMLElement {
  const most = Math.max(...parts.map(({ value }) => Math.abs(value)));
  const items = parts.map(({ name, factors, value }) => {
    const bar = el("span", { class: value < 0 ? "bar minus" : "bar", "aria-hidden": "true" });
    bar.style.setProperty("--size", String(most > 0 ? Math.abs(value) / most : 0));
    return el(
      "li",
      {},
      el("span", { class: "from" }, name),
      el("span", { class: "factors" }, factors ? factors.map(digits).join(" × ") : ""),
      el("b", {}, digits(value)),
      el("span", { class: "track" }, bar),
    );
  });
  return el("ul", { class: "products", "aria-label": title }, ...items);
}
