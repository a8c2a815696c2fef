/**
 * The backward pass: the loss, the gradient at each step, and the gradient of each weight.
 *
 * @module
 */
import { onTheme, paint } from "../colors.ts";
import { atFrame, el, fill, freshId, say } from "../dom.ts";
import type { Gradients, Look } from "../picture_protocol.ts";
import { taskOf } from "../tasks/tasks.ts";
import { setNumbers } from "../readings.ts";
import { figure, words } from "../words.ts";
import { ChartBox } from "./chart_box.ts";
import { mapNumbers } from "./map_numbers.ts";
import { byPlace, isBias, weightName, weightText } from "./weight_names.ts";

const text = words.backward;
const MOST_LABELS = 500; // in the list to choose from

/** The backward pass. */
export class Backward {
  readonly root: HTMLElement;
  /** The gradient of each weight. */
  readonly gradients: HTMLElement;
  #look: Look | undefined;
  readonly #actual: HTMLSelectElement;
  readonly #actualRow: HTMLElement;
  readonly #loss = el("p", { class: "loss-now" });
  readonly #need = el("p", { class: "empty" });
  readonly #chart = new ChartBox(text.perWord, "");
  readonly #weights = el("div", { class: "maps gradients" });
  readonly #scaled = el("p", { class: "note" });
  #maps = new Map<string, MapFigure>();
  readonly #frame = atFrame();

  /** @param choose Sets the right answer; an empty text restores the label from the data. */
  constructor(readonly choose: (label: string) => void) {
    const id = freshId();
    this.#actual = el("select", { id, change: () => this.choose(this.#actual.value) });
    this.#actualRow = el(
      "p",
      { class: "actual" },
      el("label", { for: id }, text.actual),
      " ",
      this.#actual,
    );
    this.root = el(
      "section",
      { class: "backward-pass", "aria-labelledby": "backward" },
      el("h2", { id: "backward" }, text.title),
      el("p", { class: "lede" }, text.lede),
      el("div", { class: "answer" }, this.#actualRow, this.#loss),
      this.#need,
      this.#chart.root,
    );
    this.gradients = el(
      "section",
      { class: "weight-gradients", "aria-label": text.weight },
      el("h3", {}, text.weight),
      this.#weights,
      this.#scaled,
    );
    onTheme(() => this.#draw());
  }

  /** Shows the backward pass of a sentence. */
  show(look: Look): void {
    this.#look = look;
    this.#frame(() => this.#draw());
  }

  #draw(): void {
    const look = this.#look;
    if (!look) return;
    const { gradients, actual } = look;
    const { hasChosenLabel, noGradient } = taskOf(look);
    this.#actualRow.hidden = !hasChosenLabel;
    const names = ["", ...look.labels.slice(0, MOST_LABELS)];
    if (names.join("\n") !== [...this.#actual.options].map(({ value }) => value).join("\n")) {
      fill(this.#actual, ...names.map((value) => el("option", { value }, value || text.choose)));
    }
    if (document.activeElement !== this.#actual) this.#actual.value = actual ?? "";
    this.#need.hidden = gradients !== undefined;
    say(this.#need, noGradient);
    say(this.#loss, gradients ? text.loss(figure(gradients.loss, 3)) : "");
    this.#chart.show(
      gradients && {
        title: text.perWord,
        axisX: "",
        places: placesOf(look),
        axisY: text.axis,
        isLogarithmic: true,
        lines: [{
          name: "",
          look: "train",
          points: gradients.steps.map((value, t) => [t, value] as const),
        }],
        show: (value) => figure(value),
        summary: `${text.perWord}: ${
          gradients.steps.map((value, t) => `${placesOf(look)[t]} ${figure(value)}`).join(", ")
        }`,
      },
    );
    this.gradients.hidden = gradients === undefined;
    if (gradients) this.#drawMaps(gradients);
  }

  #drawMaps({ weights, norm, scale }: Gradients): void {
    const names = Object.keys(weights).filter((name) => !isBias(name)).sort(byPlace);
    if (names.join() !== [...this.#maps.keys()].join()) {
      this.#maps = new Map(names.map((name) => [name, mapFigure(name)]));
      fill(this.#weights, ...[...this.#maps.values()].map(({ root }) => root));
    }
    for (const [name, { canvas, norm: shown, clipped: marks }] of this.#maps) {
      const { map, marked, norm, clipped, size } = weights[name];
      paint(canvas, map.values, map.columns, map.bound, { marked });
      setNumbers(canvas, mapNumbers(map, text.of(weightText(name))));
      say(shown, text.norm(figure(norm)));
      say(marks, text.clipped(clipped, size));
      marks.className = clipped > 0 ? "clipped" : "";
    }
    say(this.#scaled, scale < 1 ? text.scaled(figure(norm), figure(scale)) : "");
  }
}

/** Returns the names of the steps; a network that learns ends has one more step than words. */
function placesOf({ words: all, gradients }: Look): string[] {
  return Array.from(
    { length: gradients?.steps.length ?? 0 },
    (_, t) => all[t]?.replace(/^<.*>$/s, words.unrolled.marks.start) ?? words.unrolled.marks.end,
  );
}

interface MapFigure {
  root: HTMLElement;
  canvas: HTMLCanvasElement;
  norm: HTMLElement;
  clipped: HTMLElement;
}

function mapFigure(name: string): MapFigure {
  const canvas = el("canvas", {
    role: "img",
    tabindex: 0,
    "aria-label": text.of(weightText(name)),
  });
  const norm = el("span"), clipped = el("span");
  const caption = el("figcaption", {}, el("b", {}, ...weightName(name)), norm, clipped);
  return { root: el("figure", {}, caption, canvas), canvas, norm, clipped };
}
