/**
 * The products of a sum as bars, the largest first, and what becomes of them.
 *
 * @module
 */
import { el } from "../dom.ts";
import { digits } from "./math.ts";

/** A part of a sum. */
export interface SumPart {
  /** Where it comes from. */
  name: string;
  /** The two numbers that it is the product of. */
  factors?: readonly [number, number];
  value: number;
}

/** The parts of a sum. */
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
