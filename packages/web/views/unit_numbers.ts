/**
 * The equations of one unit with their numbers: forward, or its gradient.
 *
 * @module
 */
import type { EquationLine, GateStep, ProductSum, UnitTrace } from "@unroll/core/inspect";
import { el } from "../dom.ts";
import type { Look } from "../picture_protocol.ts";
import { equations as words } from "../words/equations.ts";
import { digits, math, plus, product, term } from "./math.ts";
import { productList, type SumPart } from "./product_list.ts";
import { shown } from "./symbols.ts";

const FUNCTIONS = { sigmoid: "σ", tanh: "tanh", relu: "relu", identity: "" } as const;

/** The unit to show. */
export interface UnitView {
  look: Look;
  trace: UnitTrace;
  /** The gate that is shown in detail. */
  gate: string;
  choose(gate: string): void;
}

/** The equations, and the products in the sum of the selected gate. */
export interface UnitParts {
  lines: HTMLElement[];
  products: HTMLElement[];
}

/** Returns the forward equations of a unit. */
export function forwardNumbers(view: UnitView): UnitParts {
  const { gates, lines } = view.trace;
  const isGate = lines.length > 0; // otherwise the only gate is the state
  const gate = gates.find(({ gate }) => gate === view.gate) ?? gates[0];
  return {
    lines: [
      ...(isGate ? [gateButtons(view, gate)] : []),
      gateEquation(view, gate, isGate ? `${gate.gate}_t` : "h_t"),
      ...lines.map(equation),
    ],
    products: listed(words.largest(isGate ? gate.gate : "h"), partsOf(view, gate)),
  };
}

function gateButtons({ look, trace, choose }: UnitView, chosen: GateStep): HTMLElement {
  const own = words.gatesOf[look.config.cell] ?? {};
  const buttons = trace.gates.map((gate) => {
    const about = own[gate.gate] ?? words.gates[gate.gate];
    const [name, use] = about.split(": ");
    return el(
      "button",
      {
        type: "button",
        "aria-pressed": String(gate === chosen),
        "data-gate": gate.gate,
        click: () => choose(gate.gate),
      },
      el("i", {}, gate.gate),
      el("span", {}, el("span", {}, name), el("small", {}, use)),
      el("b", {}, digits(gate.value)),
    );
  });
  return el(
    "div",
    { class: "gate-list", role: "group", "aria-label": words.gateGroup },
    ...buttons,
  );
}

/** Creates a list of products with a heading. */
export function listed(title: string, parts: readonly SumPart[]): HTMLElement[] {
  return [el("h3", { class: "part" }, title), productList(title, parts)];
}

/** Creates a gate's equation with its numbers. */
function gateEquation(
  view: UnitView,
  { input, state, bias, inner, sum, activation, value }: GateStep,
  name: string,
): HTMLElement {
  const { parts } = words;
  const state_ = state && term(state.sum, parts.state);
  const terms: (Node | string)[][] = [
    [term(input.sum, parts[inputOf(view)])],
    ...(inner
      ? [[
        term(inner.scale.value, math(inner.scale.name)),
        " × (",
        state_!,
        " + ",
        term(inner.bias, math("b_{hn}")),
        ")",
      ]]
      : state_
      ? [[state_]]
      : []),
    [term(bias, parts.bias)],
  ];
  const f = FUNCTIONS[activation];
  const ends = f ? [` = ${f}(`, el("b", {}, digits(sum)), ")"] : [];
  return el(
    "p",
    { class: "worked-line" },
    ...math(name),
    ` = ${f}${f ? "(" : ""}`,
    ...plus(terms),
    f ? ")" : "",
    ...ends,
    " = ",
    el("b", { class: "result" }, digits(value)),
  );
}

/** Returns the kind of a layer's input: one-hot words, states of the layer below, or embeddings. */
function inputOf({ look, trace: { at } }: Pick<UnitView, "look" | "trace">) {
  const { embedding, letters } = look.config;
  if (at.layer > 0) return "below";
  return embedding === 0 && !letters ? "word" : "input";
}

/** Returns the terms of a gate's sum: the word, the largest products with the state, the bias. */
function partsOf({ look, trace }: UnitView, { input, state, bias }: GateStep): SumPart[] {
  const { at } = trace, { from } = words, { hidden } = look.config;
  const kind = inputOf({ look, trace });
  const inputName = (place: number) =>
    kind === "word"
      ? from.word(shown(trace.words[at.step]))
      : kind === "below"
      ? from.unit(place)
      : from.input(place);
  return [
    ...named(input, inputName, kind === "word"),
    ...(state ? named(state, (place) => from.unit(at.direction * hidden + place)) : []),
    { name: words.bias, value: bias },
  ];
}

/** Returns the largest products by name, and the rest together. */
export function named(
  { top, others, rest }: ProductSum,
  nameOf: (from: number) => string,
  isOne = false,
): SumPart[] {
  const parts: SumPart[] = top.map(({ from, factor, weight, value }) => ({
    name: nameOf(from),
    factors: isOne ? undefined : [factor, weight],
    value,
  }));
  return others > 0 ? [...parts, { name: words.others(others), value: rest }] : parts;
}

function equation({ name, terms, value }: EquationLine): HTMLElement {
  return el(
    "p",
    { class: "worked-line" },
    ...math(name),
    " = ",
    ...plus(terms.map(product)),
    " = ",
    el("b", { class: "result" }, digits(value)),
  );
}

/** Returns the gradient of a unit. */
export function backwardNumbers({ look, trace }: UnitView): UnitParts {
  const { backward, gates } = trace;
  if (!backward) return { lines: [el("p", { class: "empty" }, words.back.needs)], products: [] };
  const { reached, next, carry, dh, cell, gates: lines } = backward;
  const terms = [
    [term(reached, words.back.above)],
    ...(next ? [[term(next.sum, words.back.next)]] : []),
    ...(carry ? [product(carry)] : []),
  ];
  const { hidden } = look.config, isOne = gates.length === 1;
  const nameOf = (column: number) => {
    const unit = trace.at.direction * hidden + column % hidden;
    return isOne
      ? words.from.unit(unit)
      : words.from.gate(gates[Math.floor(column / hidden)].gate, unit);
  };
  const sum = el(
    "p",
    { class: "worked-line" },
    ...math("dL/dh_t"),
    " = ",
    ...plus(terms),
    " = ",
    el("b", { class: "result" }, digits(dh)),
  );
  return {
    lines: [sum, ...(cell ? [equation(cell)] : []), ...lines.map(equation)],
    products: next
      ? listed(words.back.sum, named(next, nameOf))
      : carry
      ? []
      : [el("p", { class: "note" }, words.back.none)],
  };
}
