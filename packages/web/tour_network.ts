/**
 * The network of the tour: the one that ships with the page, while the visitor's own waits.
 *
 * @module
 */
import type { Engine } from "./engine.ts";
import type { RunControl } from "./run_control.ts";
import type { Settings } from "./settings.ts";
import { presetOf } from "./sets/presets.ts";
import { SHIPPED_SET } from "./shipped_file.ts";

const PRESET = presetOf(SHIPPED_SET);

/** The network. */
export class TourNetwork {
  #waiting: { backend: string; wasRunning: boolean } | undefined;
  #isShown = false;

  constructor(
    readonly engine: Engine,
    readonly run: RunControl,
    readonly settings: () => Settings,
  ) {}

  /** Whether the network that is there is the tour's, as it came or trained anew. */
  get isThere(): boolean {
    const settings = this.settings();
    return (["set", "cell", "hidden", "layers", "embedding", "bidirectional", "head"] as const)
      .every((name) => settings[name] === PRESET[name]);
  }

  /** The visitor's network and its run wait. */
  async begin(): Promise<void> {
    const { engine, run, settings } = this;
    this.#waiting = { backend: settings().backend, wasRunning: run.phase === "running" };
    this.#isShown = false;
    run.walk.stop();
    await engine.ask("setAside", {});
  }

  /** They come back, and the run goes on if it did. */
  async end(): Promise<void> {
    const { engine, run } = this, { backend, wasRunning } = this.#waiting!;
    run.walk.stop();
    await engine.turnTo(backend);
    await engine.ask("bringBack", {});
    if (wasRunning) await run.go("end");
  }

  /** Sees that it is there, trained. */
  async show(): Promise<void> {
    if (this.#isShown && this.isThere && this.run.isShipped) return;
    this.#isShown = true;
    this.run.walk.stop();
    await this.engine.turnTo(PRESET.backend);
    await this.run.start(PRESET);
  }

  /** Clips its gradient at another bound. */
  async clip(clip: number): Promise<void> {
    if (this.settings().clip !== clip) await this.run.change({ ...this.settings(), clip }, "clip");
  }

  /** The bound that it was trained with. */
  get ownClip(): number {
    return PRESET.clip;
  }

  /** Trains it, from scratch where it is at its end; or pauses it. */
  async train(): Promise<void> {
    const { run } = this;
    if (run.phase === "running") return run.pause();
    if (run.phase === "done") await run.prepare(this.settings());
    await run.go("end");
  }
}
