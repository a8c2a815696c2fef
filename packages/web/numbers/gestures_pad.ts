/**
 * The drawing area.
 *
 * @module
 */
import { onTheme } from "../colors.ts";
import { atFrame, el, say } from "../dom.ts";
import { gestures } from "../words/gestures.ts";
import type { Drawn } from "./gestures_samples.ts";

const text = gestures.pad;
const PEN = 0.016; // of the height
const LONGEST = 12; // heights: a longer stroke is a scribble, and is ended
const SECONDS = 1.3; // to draw a stroke for the visitor

/** What the pad reports. */
export interface PadActions {
  begin(): void;
  extend(): void;
  end(): void;
}

/** The drawing area. `drawn` holds the stroke, in units of the area's height, with y upward. */
export class Pad {
  readonly root: HTMLElement;
  drawn: Drawn = { x: [], y: [] };
  /** Returns the color at a point of the stroke. */
  color: (point: number) => string = () => "gray";
  readonly #canvas = el("canvas", { class: "pad", role: "img", "aria-label": text.label });
  readonly #hint = el("p", { class: "pad-hint" });
  readonly #frame = atFrame();
  #pointer: number | undefined;
  #length = 0;
  #playing = 0;

  constructor(readonly actions: PadActions) {
    const canvas = this.#canvas;
    this.root = el("div", { class: "pad-box" }, canvas, this.#hint);
    canvas.addEventListener("pointerdown", (event) => {
      if (this.#pointer !== undefined || event.button !== 0) return;
      event.preventDefault();
      canvas.setPointerCapture(event.pointerId);
      this.#pointer = event.pointerId;
      this.#begin();
      this.#add([event]);
    });
    canvas.addEventListener("pointermove", (event) => {
      if (event.pointerId !== this.#pointer) return;
      const events = event.getCoalescedEvents?.() ?? [];
      this.#add(events.length > 0 ? events : [event]);
    });
    const end = (event: PointerEvent) => {
      if (event.pointerId === this.#pointer) this.#end();
    };
    canvas.addEventListener("pointerup", end);
    canvas.addEventListener("pointercancel", end);
    new ResizeObserver(([{ contentRect: { width, height } }]) => {
      const density = globalThis.devicePixelRatio || 1;
      canvas.width = Math.round(width * density);
      canvas.height = Math.round(height * density);
      this.paint();
    }).observe(canvas);
    onTheme(() => this.paint());
  }

  /** Sets the text of the empty drawing area. */
  hint(words: string): void {
    say(this.#hint, words);
  }

  /** Whether the visitor is drawing. */
  get isDrawing(): boolean {
    return this.#pointer !== undefined;
  }

  /** Clears the drawing. */
  clear(): void {
    this.#playing++;
    this.drawn = { x: [], y: [] };
    this.#length = 0;
    this.paint();
  }

  /** Draws a stroke at the pace of a hand; returns whether it was completed. */
  async play(stroke: Drawn): Promise<boolean> {
    this.#pointer = undefined;
    this.#begin();
    const own = this.#playing, points = stroke.x.length;
    const isStill = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const start = performance.now();
    for (let drawn = 0; drawn < points;) {
      const share = (performance.now() - start) / (1000 * SECONDS);
      const until = isStill ? points : Math.min(points, 1 + Math.floor(share * points));
      for (; drawn < until; drawn++) this.#push(stroke.x[drawn], stroke.y[drawn]);
      this.paint();
      this.actions.extend();
      await nextFrame();
      if (own !== this.#playing) return false;
    }
    this.actions.end();
    return true;
  }

  /** Redraws at the next frame. */
  paint(): void {
    this.#hint.hidden = this.drawn.x.length > 0;
    this.#frame(() => this.#paint());
  }

  #paint(): void {
    const { width, height } = this.#canvas, { x, y } = this.drawn;
    const context = this.#canvas.getContext("2d")!;
    context.clearRect(0, 0, width, height);
    context.lineCap = context.lineJoin = "round";
    context.lineWidth = PEN * height;
    for (let i = 0; i < x.length;) {
      const color = this.color(i);
      context.strokeStyle = color;
      context.beginPath();
      const before = Math.max(0, i - 1);
      context.moveTo(x[before] * height, (1 - y[before]) * height);
      do context.lineTo(x[i] * height, (1 - y[i]) * height); while (
        ++i < x.length && this.color(i) === color
      );
      context.stroke();
    }
  }

  #begin(): void {
    this.clear();
    this.actions.begin();
  }

  #add(events: readonly PointerEvent[]): void {
    const { left, top, height } = this.#canvas.getBoundingClientRect();
    for (const { clientX, clientY } of events) {
      this.#push((clientX - left) / height, 1 - (clientY - top) / height);
    }
    this.paint();
    this.actions.extend();
    if (this.#length > LONGEST) this.#end();
  }

  #push(x: number, y: number): void {
    const { drawn } = this, last = drawn.x.length - 1;
    if (last >= 0) this.#length += Math.hypot(x - drawn.x[last], y - drawn.y[last]);
    drawn.x.push(x);
    drawn.y.push(y);
  }

  #end(): void {
    this.#pointer = undefined;
    this.actions.end();
  }
}

function nextFrame(): Promise<unknown> {
  return new Promise((done) => requestAnimationFrame(done));
}
