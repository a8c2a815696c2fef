/**
 * The visitor's control of the run: starts, changes, ends and restores it.
 *
 * @module
 */
import type { Engine } from "./engine.ts";
import type { Look } from "./picture_protocol.ts";
import type { EpochRow, Goal, Pace, Phase, Ready, Status } from "./run_protocol.ts";
import { LIVE, liveOf } from "./live_settings.ts";
import type { FieldName, Settings } from "./settings.ts";
import { presetOf } from "./sets/presets.ts";
import { AskDialog } from "./views/ask_dialog.ts";
import { DivergenceWarning } from "./views/divergence.ts";
import type { Notices } from "./views/notices.ts";
import { Transport } from "./views/transport.ts";
import type { Unrolled } from "./views/unrolled.ts";
import { Walk } from "./views/walk.ts";
import { run as words } from "./words/run.ts";
import { setup as fields } from "./words/setup.ts";

/** The parts of the page that the control needs. */
export interface RunPlaces {
  engine: Engine;
  notices: Notices;
  unrolled: Unrolled;
  settings(): Settings;
  /** Applies settings; `isThere`: the network has them already, and the form only shows them. */
  settle(settings: Settings, isThere: boolean): void;
  /** Returns the rows of the charts. */
  rows(): EpochRow[];
  sentence(): string;
  /** Sets the sentence without running the network on it. */
  write(text: string, label: string | undefined): void;
}

/** The control of the run. */
export class RunControl {
  readonly dialog = new AskDialog();
  readonly transport: Transport;
  readonly walk: Walk;
  ready: Ready | undefined;
  #status: Status | undefined;
  #look: Look | undefined;
  #pace: Pace;

  constructor(readonly places: RunPlaces, pace: Pace) {
    const { engine, unrolled } = places;
    this.#pace = pace;
    this.transport = new Transport({
      go: (goal) => this.go(goal),
      pause: () => this.pause(),
      reset: () => this.reset(),
      undo: () => this.undo(),
      pace: (pace) => this.#setPace(pace),
    }, pace);
    this.walk = new Walk({
      next: () => engine.ask("nextStep", {}),
      look: (text, label) => this.#lookAt(text, label),
      step: () => engine.ask("step", {}),
      pass: () => unrolled.pass,
      setPass: (pass) => unrolled.setPass(pass),
      changed: () => this.#show(),
    });
    const warning = new DivergenceWarning({
      notices: places.notices,
      learningRate: () => places.settings().learningRate,
      lower: (learningRate) => this.#lower(learningRate),
    });
    engine.on("ready", (ready) => {
      this.ready = ready;
      warning.reset();
    });
    engine.on("look", (look) => this.#look = look);
    engine.on("status", (status) => {
      this.#status = status;
      this.#show();
      warning.follow(status);
    });
    engine.on("notSaved", ({ reason }) => places.notices.inform(words.notSaved(reason)));
  }

  /** The number of epochs that would be lost; 0 for a network that is unchanged. */
  get #epochs(): number {
    return this.#status?.isShipped ? 0 : (this.#status?.epoch ?? 1) - 1;
  }

  /** Whether nothing has been trained here yet. */
  get isUntouched(): boolean {
    return this.#epochs === 0 && !this.#isRunning && !this.walk.isOn && !this.walk.isPaused;
  }

  /** The speed of training. */
  get pace(): Pace {
    return this.#pace;
  }

  get #isRunning(): boolean {
    return this.#status?.phase === "running";
  }

  /** Creates an untrained network for these settings. */
  async prepare(wanted: Settings, keepsModel = false): Promise<void> {
    const { engine, notices, settle } = this.places;
    const before = this.ready;
    this.#leave();
    settle(wanted, false);
    await engine.turnTo(wanted.backend);
    await engine.send("prepare", { settings: wanted, keepsModel });
    if (this.ready && this.ready === before) settle(before.settings, true); // it is still there
    else notices.withdraw();
  }

  /** Opens the shipped network, if it has these settings; otherwise creates an untrained one. */
  async start(wanted: Settings): Promise<void> {
    const { engine } = this.places;
    const isThere = await engine.ask("openShipped", { settings: wanted }).catch(() => false);
    if (!isThere) await this.prepare(wanted);
  }

  /** Returns whether the run may be discarded; asks if there is one. */
  async mayDiscard(): Promise<boolean> {
    const epochs = this.#epochs;
    if (epochs === 0) return true;
    const { title, note, keep, discard } = words.discard;
    const choices = [["keep", keep], ["discard", discard]] as const;
    return await this.dialog.ask({ title: title(epochs), note, choices }) === "discard";
  }

  /** Handles a setting changed in the form. */
  async change(changed: Settings, name: FieldName | "set"): Promise<void> {
    const { engine, settle } = this.places;
    if ((LIVE as readonly string[]).includes(name)) { // the run continues with it
      settle(changed, true);
      if (this.ready) this.ready.settings = changed;
      return await engine.send("change", { settings: liveOf(changed) });
    }
    if (await this.mayDiscard()) return await this.prepare(changed, name !== "set");
    if (this.ready) settle(this.ready.settings, true);
  }

  async #lower(learningRate: number): Promise<void> {
    await this.change({ ...this.places.settings(), learningRate }, "learningRate");
    if (!this.#isRunning) await this.go("end");
  }

  /** Trains until a goal. */
  async go(goal: Goal): Promise<void> {
    const { unrolled } = this.places;
    this.#clear();
    if (this.#status?.phase === "done" && !await this.#goBeyond()) return;
    if (this.#pace === "slow" && goal !== "epoch") return await this.#follow(goal);
    this.walk.stop();
    await this.#start(goal);
    if (goal === "step") unrolled.flowBack();
  }

  /** Starts training; the bar shows it at once, whatever the worker is doing. */
  async #start(goal: Goal): Promise<void> {
    const { engine, notices } = this.places, before = this.#status;
    if (before && goal === "end") {
      this.#status = { ...before, phase: "running" };
      this.#show();
    }
    try {
      await engine.ask("go", { goal });
    } catch (error) {
      this.#status = before;
      this.#show();
      notices.problem((error as Error).message);
    }
  }

  /** Handles the end of the last epoch: asks whether to add epochs or train from scratch. */
  async #goBeyond(): Promise<boolean> {
    const settings = this.places.settings(), { epochs } = settings;
    if (this.#status?.isShipped) {
      await this.prepare(settings);
      return true;
    }
    const { title, note, more, fresh, keep } = words.over;
    const chosen = await this.dialog.ask({
      title: title(this.#epochs),
      note,
      choices: [["keep", keep], ["more", more(epochs)], ["fresh", fresh]],
    });
    if (chosen === "more") await this.change({ ...settings, epochs: 2 * epochs }, "epochs");
    else if (chosen === "fresh") await this.prepare(settings, true);
    return chosen !== "keep";
  }

  /** Pauses after the current step. */
  pause(): void {
    if (this.walk.isOn) this.walk.pause();
    else this.places.engine.send("pause", {});
  }

  /** Restores the network as it was before training. */
  async reset(): Promise<void> {
    const { opened } = this.ready ?? {};
    if (opened === undefined) {
      if (await this.mayDiscard()) await this.prepare(this.places.settings());
      return;
    }
    const { title, note, file, fresh, keep } = words.opened;
    const chosen = await this.dialog.ask({
      title: title(opened),
      note,
      choices: [["keep", keep], ["file", file], ["fresh", fresh]],
    });
    if (chosen === "file") await this.prepare(this.places.settings(), true);
    if (chosen === "fresh") await this.closeModel();
  }

  /** Replaces an opened network by an untrained one. */
  async closeModel(): Promise<void> {
    const settings = this.places.settings(), hasData = this.ready?.counts.train !== 0;
    if (!await this.mayDiscard()) return;
    await this.prepare(hasData ? settings : presetOf(""));
  }

  /** Restores the run discarded last. */
  async undo(): Promise<void> {
    this.#leave();
    await this.places.engine.send("undo", {});
  }

  /** Whether the network is the one shipped with the page, unchanged. */
  get isShipped(): boolean {
    return this.#status?.isShipped === true && this.#status.phase === "done";
  }

  /** The phase of training. */
  get phase(): Phase {
    return this.walk.isOn ? "running" : this.#status?.phase ?? "fresh";
  }

  /** What changed during the run, so that no command line can repeat it. */
  get note(): string | undefined {
    const names = new Set(this.#status?.changes.map(({ name }) => fields.fields[name][0]));
    return names.size > 0 ? words.changed([...names].join(", ")) : undefined;
  }

  #setPace(pace: Pace): void {
    const { engine } = this.places;
    const isOn = this.#isRunning || this.walk.isOn;
    this.#pace = pace;
    this.walk.stop();
    engine.send("pace", { pace });
    if (!isOn) return;
    if (pace !== "slow") engine.send("go", { goal: "end" });
    else engine.send("pause", {}).then(() => this.#follow("end"));
  }

  async #follow(goal: "end" | "step"): Promise<void> {
    try {
      await this.walk.start(goal);
    } catch (error) {
      this.places.notices.problem((error as Error).message);
    }
  }

  /** Shows the text of a walk; without one, the current text. */
  async #lookAt(text: string, label: string | undefined): Promise<Look | undefined> {
    const { engine, write, sentence } = this.places;
    if (text !== "") write(text, label);
    await engine.send("look", { text: sentence(), actual: label });
    for (let i = 0; i < 2; i++) await new Promise(requestAnimationFrame); // until it is drawn
    return this.#look;
  }

  /** Clears the messages about the previous run. */
  #clear(): void {
    this.places.notices.clear();
    this.places.notices.withdraw();
  }

  #leave(): void {
    this.walk.stop();
    this.#clear();
  }

  #show(): void {
    const status = this.#status;
    if (!status) return;
    const phase = this.walk.isOn ? "running" : this.walk.isPaused ? "paused" : status.phase;
    this.transport.show({ ...status, phase }, this.places.rows().at(-1), this.ready);
  }
}
