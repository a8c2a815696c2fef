/**
 * The network of the tour: the one shipped with the page, while the visitor's own is set aside.
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

  /** Whether the current network is the tour's, unchanged or retrained. */
  get isThere(): boolean {
    const settings = this.settings();
    return (["set", "cell", "hidden", "layers", "embedding", "bidirectional", "head"] as const)
      .every((name) => settings[name] === PRESET[name]);
  }

  /** Sets the visitor's network and its run aside. */
  async begin(): Promise<void> {
    const { engine, run, settings } = this;
    this.#waiting = { backend: settings().backend, wasRunning: run.phase === "running" };
    this.#isShown = false;
    run.walk.stop();
    await engine.ask("setAside", {});
  }

  /** Restores the visitor's network, and continues its run if it was running. */
  async end(): Promise<void> {
    const { engine, run } = this, { backend, wasRunning } = this.#waiting!;
    run.walk.stop();
    await engine.turnTo(backend);
    await engine.ask("bringBack", {});
    if (wasRunning) await run.go("end");
  }

  /** Shows the tour's network, trained. */
  async show(): Promise<void> {
    if (this.#isShown && this.isThere && this.run.isShipped) return;
    this.#isShown = true;
    this.run.walk.stop();
    await this.engine.turnTo(PRESET.backend);
    await this.run.start(PRESET);
  }

  /** Sets another clipping bound. */
  async clip(clip: number): Promise<void> {
    if (this.settings().clip !== clip) await this.run.change({ ...this.settings(), clip }, "clip");
  }

  /** The clipping bound that it was trained with. */
  get ownClip(): number {
    return PRESET.clip;
  }

  /** Trains it, from scratch if training is done; or pauses it. */
  async train(): Promise<void> {
    const { run } = this;
    if (run.phase === "running") return run.pause();
    if (run.phase === "done") await run.prepare(this.settings());
    await run.go("end");
  }
}
