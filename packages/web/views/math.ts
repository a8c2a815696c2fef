/**
 * Equations and their numbers, as elements.
 *
 * @module
 */
import type { NamedNumber } from "@unroll/core/inspect";
import { el } from "../dom.ts";
import { figure } from "../words/numbers.ts";

const LARGE = 1e6, SMALL = 0.0005; // larger and smaller numbers are shown as powers of ten

/** Formats a number of an equation. */
export function digits(value: number): string {
  const size = Math.abs(value);
  if (size >= LARGE || (size > 0 && size < SMALL)) {
    return value.toExponential(2).replace("e+", "e").replaceAll("-", "−");
  }
  return figure(value, 3);
}

/** Formats a name of core's equations, such as `c_{t-1}`, with its subscripts. */
export function math(name: string): (Node | string)[] {
  return name.split(/(_\{[^}]*\}|_\w|\^2)/).filter(Boolean).map((part) =>
    part === "^2"
      ? "²"
      : part.startsWith("_")
      ? el("sub", {}, part.replace(/[_{}]/g, "").replace("-", "−"))
      : part.replaceAll("-", "−")
  );
}

/** Creates a number with its name below it. */
export function term(value: number, name: string | (Node | string)[]): HTMLElement {
  const names = typeof name === "string" ? [name] : name;
  return el("span", { class: "term" }, el("b", {}, digits(value)), el("i", {}, ...names));
}

/** Joins terms by plus signs. */
export function plus(terms: readonly (Node | string)[][]): (Node | string)[] {
  return terms.flatMap((parts, i) => i === 0 ? parts : [" + ", ...parts]);
}

/** Joins factors by multiplication signs, each number above its name. */
export function product(factors: readonly NamedNumber[]): (Node | string)[] {
  return factors.flatMap(({ name, value }, i) =>
    [i > 0 ? " × " : "", term(value, math(name))].filter((part) => part !== "")
  );
}
