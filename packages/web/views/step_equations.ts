/**
 * The equations of the selected step, with the network's numbers.
 *
 * @module
 */
import { CELLS } from "../cells.ts";
import type { UnitTrace } from "@unroll/core/inspect";
import { atFrame, el, fill, say } from "../dom.ts";
import type { Engine } from "../engine.ts";
import { equations as words } from "../words/equations.ts";
import { figure } from "../words/numbers.ts";
import type { Marked, NetworkView } from "./network_view.ts";
import { openTable } from "./number_table.ts";
import { outputNumbers } from "./output_numbers.ts";
import { shown } from "./symbols.ts";
import type { Pass } from "./picture_tools.ts";
import { backwardNumbers, forwardNumbers } from "./unit_numbers.ts";

const EVERY = 700; // milliseconds, while the network changes and the selection does not
const ROOM = "(min-width: 64rem)"; // the width from which the equations are open initially

/** The equations with numbers. */
export class StepEquations {
  readonly root: HTMLDetailsElement;
  #marked: Marked | undefined;
  #asked = { key: "", at: 0, isBusy: false };
  #trace: UnitTrace | undefined;
  #gate = "";
  #pass: Pass | undefined; // the pass that is drawn
  readonly #place = el("span", { class: "place" });
  readonly #lines = el("div", { class: "lines" });
  readonly #products = el("div");
  readonly #output = el("div", { class: "output-numbers" });
  readonly #frame = atFrame();

  constructor(readonly engine: Engine, readonly network: NetworkView) {
    this.root = el(
      "details",
      { class: "step-numbers", open: matchMedia(ROOM).matches, toggle: () => this.#ask() },
      el("summary", {}, el("b", {}, words.title), " ", this.#place),
      el("div", { class: "worked" }, this.#lines, this.#products, this.#output),
      el(
        "p",
        { class: "note" },
        words.help,
        " ",
        el(
          "button",
          { type: "button", class: "link", click: () => this.#openTable() },
          words.table,
        ),
      ),
    );
  }

  /** Shows the equations of a word and a unit. */
  show(marked: Marked): void {
    this.#marked = marked;
    const { look, layer, word, unit } = marked, { hidden } = look.config;
    const name = look.layers.length > 1 ? layer + 1 : undefined;
    say(this.#place, words.place(shown(look.words[word]), unit, name, unit >= hidden));
    if (!CELLS[look.config.cell].hasUnitEquations) return this.#clear();
    if (this.#pass !== this.network.unrolled.pass) this.#frame(() => this.#draw());
    this.#ask();
  }

  #clear(): void {
    this.#trace = undefined;
    for (const part of [this.#products, this.#output]) fill(part);
    fill(this.#lines, el("p", { class: "note" }, words.together));
  }

  async #ask(): Promise<void> {
    const marked = this.#marked, asked = this.#asked;
    if (!marked || !this.root.open || asked.isBusy) return;
    const { look, layer, word, unit } = marked, { hidden } = look.config;
    const key = [look.text, look.actual, layer, word, unit].join("\n");
    const left = asked.at + EVERY - performance.now();
    asked.isBusy = true;
    if (key === asked.key && left > 0) await new Promise((wake) => setTimeout(wake, left));
    this.#asked = { key, at: performance.now(), isBusy: true };
    const at = { layer, step: word, direction: Math.floor(unit / hidden), unit: unit % hidden };
    const given = { text: look.text, actual: look.actual, at };
    // If the text has changed in the meantime, the next look asks again.
    const trace = await this.engine.ask("unit", given).catch(() => undefined);
    this.#asked.isBusy = false;
    if (trace && isOf(trace, this.#marked!)) {
      this.#trace = trace;
      this.#frame(() => this.#draw());
    }
    if (this.#marked !== marked) this.#ask();
  }

  #draw(): void {
    const trace = this.#trace, { look } = this.#marked!;
    if (!trace || !isOf(trace, this.#marked!)) return; // there may be another text by now
    const focused = document.activeElement?.getAttribute("data-gate");
    const view = {
      look,
      trace,
      gate: this.#gate,
      choose: (gate: string) => {
        this.#gate = gate;
        this.#draw();
      },
    };
    this.#pass = this.network.unrolled.pass;
    const isBackward = this.#pass === "backward";
    const { lines, products } = isBackward ? backwardNumbers(view) : forwardNumbers(view);
    fill(this.#lines, ...lines);
    fill(this.#products, ...products);
    const word = look.words[trace.at.step];
    const { together, elsewhere } = words.output;
    const none = el("p", { class: "note" }, look.config.crf ? together : elsewhere);
    fill(this.#output, ...(trace.output ? outputNumbers(look, word, trace.output) : [none]));
    this.root.classList.toggle("alone", !trace.output);
    if (focused) this.#lines.querySelector<HTMLElement>(`[data-gate="${focused}"]`)?.focus();
  }

  #openTable(): void {
    const { look, layer, unit } = this.#marked!, { hidden } = look.config;
    const direction = Math.floor(unit / hidden);
    const { states } = look.layers[layer][direction];
    openTable(words.tableOf(layer + 1, direction === 1), {
      rows: hidden,
      columns: look.words.length,
      rowName: (row) => words.from.unit(direction * hidden + row),
      columnName: (column) => shown(look.words[column]),
      cell: (row, column) => figure(states[column * hidden + row], 3),
    });
  }
}

/** Returns whether a trace is of the current text, and of a network with the same layers. */
function isOf({ words, at }: UnitTrace, { look }: Marked): boolean {
  return at.layer < look.layers.length && words.join("\n") === look.words.join("\n");
}
