/**
 * The prediction after a word with its numbers: logits, softmax and loss.
 *
 * @module
 */
import type { OutputStep } from "@unroll/core/inspect";
import { labelClass } from "../colors.ts";
import { el } from "../dom.ts";
import type { Look } from "../picture_protocol.ts";
import { taskOf } from "../tasks/tasks.ts";
import { equations } from "../words/equations.ts";
import { percent } from "../words/numbers.ts";
import { digits } from "./math.ts";
import { shown } from "./symbols.ts";
import { listed, named } from "./unit_numbers.ts";

const words = equations.output;

/** Returns the computation of the prediction, from the state to the loss. */
export function outputNumbers(look: Look, word: string, output: OutputStep): HTMLElement[] {
  const { labels, config } = look;
  const { columns } = words;
  const isColored = !taskOf(look).isWriting; // symbols have no colors
  const head = Object.values(columns).map((name) => el("th", { scope: "col" }, name));
  const rows = output.labels.map(({ label, logit, exponential, probability }) =>
    el(
      "tr",
      {},
      el(
        "th",
        { scope: "row", class: isColored && labelClass(label, labels[label]) },
        shown(labels[label]),
      ),
      el("td", {}, digits(logit)),
      el("td", {}, digits(exponential)),
      el("td", {}, el("b", {}, percent(probability))),
    )
  );
  const others = output.count - output.labels.length;
  const { logit, target, loss } = output, best = shown(labels[logit.label]);
  const width = config.hidden * look.layers.at(-1)!.length;
  const { from } = equations;
  const nameOf = (unit: number) =>
    unit >= width
      ? from.max(unit - width)
      : config.head === "max"
      ? from.max(unit)
      : config.head === "mean" || config.head === "mean-max"
      ? from.mean(unit)
      : from.unit(unit);
  return [
    el("h3", { class: "part" }, words.title(shown(word))),
    el(
      "table",
      { class: "softmax" },
      el("thead", {}, el("tr", {}, ...head)),
      el(
        "tbody",
        {},
        ...rows,
        el(
          "tr",
          { class: "sum" },
          el(
            "th",
            { scope: "row" },
            others > 0 ? `${words.sum}, ${words.others(others)}` : words.sum,
          ),
          el("td", {}),
          el("td", {}, digits(output.sum)),
          el("td", {}),
        ),
      ),
    ),
    el(
      "p",
      { class: "worked-line loss-line" },
      ...(target === undefined || loss === undefined
        ? [el("span", { class: "note" }, words.noLoss)]
        : [`${words.loss(shown(labels[target]))} = `, el("b", { class: "result" }, digits(loss))]),
    ),
    ...listed(equations.largest(words.logit(best)), [
      ...named(logit.state, nameOf),
      { name: equations.bias, value: logit.bias },
    ]),
  ];
}
