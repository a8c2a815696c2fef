/**
 * Keeps a run for comparison with the next, and starts the built-in pair. The views that show the
 * two runs are loaded on first use.
 *
 * @module
 */
import { el, say } from "../dom.ts";
import type { Engine } from "../engine.ts";
import { later } from "../later.ts";
import type { Look } from "../picture_protocol.ts";
import type { Phase, Ready } from "../run_protocol.ts";
import type { RunControl } from "../run_control.ts";
import type { Settings } from "../settings.ts";
import { presetOf } from "../sets/presets.ts";
import { compare as text } from "../words/compare.ts";
import type { Comparison } from "./compare.ts";
import type { Learning } from "./learning.ts";
import type { Unrolled } from "./unrolled.ts";

// By then, the LSTM has long learned what the RNN has not.
const PAIR: Settings = { ...presetOf("memory"), epochs: 20 };

/** The parts of the page that it needs. */
export interface KeepPlaces {
  engine: Engine;
  run: RunControl;
  learning: Learning;
  unrolled: Unrolled;
  /** Another run is kept, or none. */
  changed(): void;
}

/** The buttons, and the elements that show the two runs. */
export class Keeping {
  /** Above the picture of the current network, and the picture of the kept one. */
  readonly now = el("div", { hidden: true });
  readonly picture = el("div", { class: "kept-picture", hidden: true });
  readonly #table = el("div", { hidden: true });
  #comparison: Comparison | undefined;
  #ready: Ready | undefined;
  #look: Look | undefined;
  #followed: ((phase: Phase) => void) | undefined;
  readonly #status = el("p", { class: "note", role: "status" });

  constructor(readonly places: KeepPlaces) {
    const { engine, learning } = places;
    const button = (act: string, name: string, title: string, click: () => void) =>
      el("button", { type: "button", class: "small", "data-act": act, title, click }, name);
    learning.head.append(
      el(
        "div",
        { class: "keep" },
        button("keep", text.keep, text.keepHelp, () => this.keep()),
        button("pair", text.pair, text.pairHelp, () => this.pair()),
      ),
      this.#status,
      this.#table,
    );
    engine.on("ready", (ready) => this.#ready = ready);
    engine.on("look", (look) => this.#look = look);
    engine.on("status", ({ phase }) => this.#followed?.(phase));
  }

  /** Keeps the run as it is now. */
  async keep(): Promise<void> {
    const { engine, learning, unrolled } = this.places;
    const kept = await engine.send("keep", {});
    if (!kept) return;
    const { Comparison } = await later.views();
    this.#comparison ??= new Comparison({
      ...{ engine, learning, unrolled },
      ready: () => this.#ready,
      look: () => this.#look,
      now: this.now,
      picture: this.picture,
      table: this.#table,
      remove: () => this.#drop(),
    });
    this.#comparison.show(kept);
    this.places.changed();
  }

  async #drop(): Promise<void> {
    await this.places.engine.send("dropKept", {});
    this.#comparison?.show(undefined);
    say(this.#status, "");
    this.places.changed();
  }

  /** Trains an RNN and then an LSTM on the task of the first word, and shows them side by side. */
  async pair(): Promise<void> {
    const { engine, run } = this.places;
    if (!await run.mayDiscard()) return;
    await this.#drop();
    say(this.#status, text.first);
    await run.prepare({ ...PAIR, cell: "rnn" });
    const first = this.#ready, { pace } = run;
    engine.send("pace", { pace: "full" }); // the second one is the one to watch
    const isDone = this.#whenDone();
    await engine.send("go", { goal: "end" });
    const isReady = await isDone;
    engine.send("pace", { pace });
    if (!isReady || this.#ready !== first) return say(this.#status, "");
    await this.keep();
    await run.prepare({ ...PAIR, cell: "lstm" });
    say(this.#status, text.second);
    await run.go("end");
  }

  /** Waits for the run that is about to start; returns whether it reaches its end. */
  #whenDone(): Promise<boolean> {
    return new Promise((done) => {
      let hasStarted = false;
      this.#followed = (phase) => {
        hasStarted ||= phase === "running";
        if (hasStarted && phase !== "running") done(phase === "done");
      };
    });
  }
}
