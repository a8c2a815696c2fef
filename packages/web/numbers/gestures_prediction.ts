/**
 * The prediction: a bar for each shape, its probabilities point by point, and the answer as a
 * sentence.
 *
 * @module
 */
import { labelClass, onTheme } from "../colors.ts";
import { atFrame, el, fill, say } from "../dom.ts";
import { gestures } from "../words/gestures.ts";
import { percent } from "../words/numbers.ts";
import { shapeColor } from "./gestures_colors.ts";
import { NOVEL } from "./gestures_settings.ts";

const text = gestures.prediction;

/** The predictions for a stroke. */
export interface Belief {
  /** The names of the shapes. */
  shapes: readonly string[];
  /** Their probabilities after each point. */
  probabilities: readonly (readonly number[])[];
  /** Whether the whole stroke was read. */
  isOver: boolean;
  novelty?: number;
}

/** The view. */
export class PredictionView {
  readonly root: HTMLElement;
  #belief: Belief = { shapes: [], probabilities: [], isOver: false };
  #bars: { shape: string; bar: HTMLElement; share: HTMLElement }[] = [];
  readonly #list = el("ul", { class: "beliefs", "aria-label": text.probabilities });
  readonly #steps = el("canvas", { class: "belief-steps", role: "img", "aria-label": text.steps });
  readonly #answer = el("p", { class: "answer", role: "status" });
  readonly #novelty = el("p", { class: "novelty", role: "status" });
  readonly #frame = atFrame();

  constructor() {
    this.root = el(
      "section",
      { class: "gesture-prediction" },
      el("h3", {}, text.title),
      this.#answer,
      this.#list,
      el("h4", {}, text.steps),
      this.#steps,
      this.#novelty,
    );
    new ResizeObserver(([{ contentRect: { width, height } }]) => {
      const density = globalThis.devicePixelRatio || 1;
      this.#steps.width = Math.round(width * density);
      this.#steps.height = Math.round(height * density);
      this.#frame(() => this.#draw());
    }).observe(this.#steps);
    onTheme(() => this.#frame(() => this.#draw()));
    this.show(this.#belief);
  }

  /** Shows the predictions so far. */
  show(belief: Belief): void {
    this.#belief = belief;
    this.#frame(() => this.#draw());
  }

  #draw(): void {
    const { shapes, probabilities, isOver, novelty } = this.#belief;
    if (shapes.join("\n") !== this.#bars.map(({ shape }) => shape).join("\n")) this.#name(shapes);
    const last = probabilities.at(-1);
    for (const [i, { bar, share }] of this.#bars.entries()) {
      bar.style.width = `${100 * (last?.[i] ?? 0)}%`;
      say(share, last ? percent(last[i]) : "–");
    }
    this.#drawSteps();
    const names = probabilities.map((each) => shapes[each.indexOf(Math.max(...each))]);
    const answer = names.at(-1);
    if (!last || answer === undefined) {
      say(this.#novelty, "");
      return say(this.#answer, text.none);
    }
    this.#steps.setAttribute("aria-label", text.stepsSummary(names.length, answer));
    if (!isOver) return say(this.#answer, text.reading); // read out only once
    const settled = names.findLastIndex((name) => name !== answer) + 2;
    say(this.#answer, text.whole(answer, Math.max(...last), settled, names.length));
    const isNovel = novelty !== undefined && novelty > NOVEL;
    say(this.#novelty, isNovel ? text.novel(novelty) : "");
  }

  #name(shapes: readonly string[]): void {
    this.#bars = shapes.map((shape) => ({ shape, bar: el("span"), share: el("b") }));
    fill(
      this.#list,
      ...this.#bars.map(({ shape, bar, share }, i) =>
        el(
          "li",
          { class: labelClass(i) },
          el("span", { class: "shape" }, shape),
          el("span", { class: "track", "aria-hidden": "true" }, bar),
          share,
        )
      ),
    );
  }

  /** Draws the stacked probabilities, with a column for each point. */
  #drawSteps(): void {
    const { width, height } = this.#steps, { probabilities, shapes } = this.#belief;
    const context = this.#steps.getContext("2d")!;
    const colors = shapes.map((_, i) => shapeColor(i));
    context.clearRect(0, 0, width, height);
    const edge = (i: number) => Math.round(width * i / probabilities.length);
    for (const [i, each] of probabilities.entries()) {
      let top = 0;
      for (const [shape, probability] of each.entries()) {
        context.fillStyle = colors[shape];
        context.fillRect(edge(i), top * height, edge(i + 1) - edge(i), probability * height + 1);
        top += probability;
      }
    }
  }
}
