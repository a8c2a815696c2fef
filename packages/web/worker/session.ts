/**
 * What the worker holds: the visitor's data, a network in training, and what the page wants to see.
 *
 * @module
 */
import {
  type Example,
  type Model,
  type NetworkConfig,
  readModel,
  writeModel,
  writtenLabels,
} from "@unroll/core";
import type {
  Drivers,
  Goal,
  Pace,
  Reach,
  Ready,
  SavedRun,
  TaskName,
  Writing,
} from "../protocol.ts";
import { ARTICLE, type Settings } from "../settings.ts";
import { presetOf } from "../sets/presets.ts";
import { builtInSet, type DataSet } from "../sets/sets.ts";
import { words } from "../words.ts";
import { type Computing, createComputing } from "./backends.ts";
import { Budget } from "./budget.ts";
import { type Held, type Parts, readyOf } from "./held.ts";
import { keep, restore } from "./keeping.ts";
import { Showing, type Tell, type Wishes } from "./showing.ts";
import { loadRun, type OwnData } from "./store.ts";
import { createFor, recommendedFor, splitFor, taskOf } from "./tasks.ts";
import { type Kept, Training } from "./training.ts";

/** The session. */
export class Session {
  own: OwnData | undefined;
  #training: Training | undefined;
  #showing: Showing | undefined;
  #wishes: Wishes = {};
  #pace: Pace = "full";
  readonly #budgets = {
    status: new Budget(80, 1),
    look: new Budget(140, 0.15),
    review: new Budget(700, 0.08),
    written: new Budget(1500, 0.08),
    weights: new Budget(500, 0.08),
    keep: new Budget(700, 0.1),
  };

  constructor(readonly tell: Tell, readonly gpujs: unknown) {}

  get #held(): Held {
    if (!this.#training) throw new Error(words.problems.noData);
    return this.#training.held;
  }

  get #settings(): Settings {
    return this.#training?.held.settings ?? ARTICLE;
  }

  /** A fresh network for the settings; or, of a file, the same one as it was in the file. */
  async prepare(settings: Settings, keepsModel: boolean): Promise<void> {
    const data = this.#dataOf(settings);
    const parts = partsOf(data, settings);
    const before = this.#training?.held;
    const isKept = keepsModel && before?.opened !== undefined;
    const model = isKept
      ? { ...before.model, weights: before.before }
      : createFor(settings, parts.train, data.train.length > 1);
    const computing = await this.#computeWith(settings.backend);
    const opened = isKept ? before.opened : undefined;
    await this.#begin({ settings, model, before: model.weights, parts, computing, opened });
  }

  /** The network of a file, to ask or to train on. */
  async open(file: Blob, name: string): Promise<Ready> {
    const model = await readModel(file, name);
    const set = this.#setFor(model);
    const settings: Settings = {
      ...this.#settings,
      ...networkConfigOf(model.config),
      set: set ?? this.#settings.set,
      task: taskOf(model),
      unit: model.unit ?? "characters",
      attention: model.attention ?? "dot",
    };
    const data = set === undefined ? { train: [], test: [] } : this.#dataOf(settings);
    const computing = await this.#computeWith(settings.backend);
    const parts = partsOf(data, settings);
    await this.#begin({ settings, model, before: model.weights, parts, computing, opened: name });
    return readyOf(this.#held);
  }

  /** The data that an opened network can learn: what is there, or else a built-in set. */
  #setFor(model: Model): string | undefined {
    const { labels, config } = model;
    const task = taskOf(model);
    const isTagger = task === "classification" && config.head === "token";
    const known = task === "classification" ? labels : writtenLabels(model);
    const fits = ({ train }: DataSet, own: TaskName) =>
      own === task && (task === "language-model" || task === "translate" ||
        train.every(({ label }) =>
          (isTagger ? label.trim().split(/\s+/) : [label]).every((one) => known.includes(one))
        ));
    const { set, task: own } = this.#settings;
    if (this.#training && fits(this.#dataOf(this.#settings), own)) return set;
    return Object.keys(words.sets).filter((name) => name !== "own")
      .find((name) => fits(builtInSet(name), presetOf(name).task));
  }

  #dataOf({ set }: Settings): DataSet {
    const data = set === "own" ? this.own : builtInSet(set);
    if (!data) throw new Error(words.problems.noData);
    return data;
  }

  async #computeWith(name: string): Promise<Computing> {
    if (name.startsWith("gpujs:") && !this.gpujs) throw new Error(words.backends.noGpuJs);
    return await createComputing(name, this.gpujs);
  }

  async #begin(network: Held, kept?: Kept): Promise<void> {
    const { name, columns } = this.own ?? {};
    const isOwn = network.settings.set === "own" && name !== undefined;
    const held = { ...network, source: isOwn ? { name, columns } : undefined };
    await this.#training?.end();
    await this.#training?.held.computing.close();
    this.#training = new Training(held, this.#pace, kept);
    this.#showing = new Showing(held, this.tell);
    this.tell("ready", readyOf(held));
    this.tell("epochs", this.#training.history.news());
  }

  /** From now on so many epochs. */
  changeEpochs(epochs: number): void {
    this.#training?.changeEpochs(epochs);
    this.#budgets.status.reset();
  }

  /** Goes on until a goal. */
  go(goal: Goal): void {
    this.#training?.go(goal);
  }

  /** Stops after the step under way. */
  pause(): void {
    this.#training?.pause();
  }

  /** How fast to go. */
  pace(pace: Pace): void {
    this.#pace = pace;
    this.#training?.setPace(pace);
  }

  /** Some of the training, and what the page should be told by now; gives whether there is more. */
  async turn(): Promise<boolean> {
    const training = this.#training;
    if (!training?.isRunning) return false;
    try {
      await training.turn();
    } catch (error) {
      this.tell("problem", { message: (error as Error).message });
    }
    await this.refresh(!training.isRunning);
    return training.isRunning;
  }

  /** Tells the page what is due; with `isAll`, all of it. */
  async refresh(isAll = true): Promise<void> {
    const training = this.#training, showing = this.#showing;
    if (!training || !showing) return;
    if (isAll) { for (const budget of Object.values(this.#budgets)) budget.reset(); }
    const { status, look, review, written, weights, keep: keeping } = this.#budgets;
    await status.spend(() => Promise.resolve(this.#tellStatus(training)));
    await look.spend(() => showing.look(this.#wishes, isAll));
    await review.spend(() => showing.review());
    await written.spend(() => showing.written(this.#wishes));
    await weights.spend(() => Promise.resolve(showing.weights()));
    // A browser may keep nothing, such as in a private window.
    await keeping.spend(() => keep(training, this.own).catch(() => {}));
  }

  #tellStatus(training: Training): void {
    const news = training.history.news();
    if (news.rows.length > 0) this.tell("epochs", news);
    this.tell("status", training.status());
  }

  /** From now on the page shows this sentence. */
  async look(wanted: { text: string; truth?: string }): Promise<void> {
    this.#wishes.look = wanted;
    const { look } = this.#budgets;
    look.reset();
    const isCareful = !this.#training?.isRunning;
    await look.spend(async () => await this.#showing?.look(this.#wishes, isCareful));
  }

  /** From now on the network writes so. */
  async write(writing: Writing): Promise<void> {
    this.#wishes.writing = writing;
    await this.#showing?.written(this.#wishes);
  }

  /** The words that drive a unit. */
  drivers(unit: number): Promise<Drivers> {
    return this.#showing!.drivers(unit);
  }

  /** How far gradients reach back. */
  reach(length: number): Promise<Reach> {
    return this.#showing!.reach(length);
  }

  /** The model's file. */
  save(): Uint8Array<ArrayBuffer> {
    return writeModel(this.#held.model);
  }

  /** What the columns of the data are called. */
  get columns(): [text: string, label: string] {
    return this.#settings.task === "translate" ? ["source", "target"] : ["text", "label"];
  }

  /** A part of the data, before any of it was set aside. */
  examples(part: "train" | "test"): Example[] {
    return this.#dataOf(this.#settings)[part];
  }

  /** What there is to go on with. */
  async saved(): Promise<SavedRun | undefined> {
    const run = await loadRun().catch(() => undefined);
    return run && { settings: run.settings, epoch: run.epoch, savedAt: run.savedAt };
  }

  /** Goes on with the kept run, paused. */
  async restore(): Promise<void> {
    const restored = await restore();
    if (!restored) throw new Error(words.problems.nothingKept);
    const { own, kept, ...rest } = restored;
    if (own) this.own = own;
    const { settings } = rest;
    const computing = await this.#computeWith(settings.backend);
    const parts = partsOf(this.#dataOf(settings), settings);
    await this.#begin({ ...rest, parts, computing }, kept);
  }

  /** What another worker needs in this one's place. */
  handOver(): unknown {
    return { own: this.own, wishes: this.#wishes, pace: this.#pace };
  }

  /** Takes what another worker had. */
  takeOver(data: unknown): void {
    const { own, wishes, pace } = data as { own?: OwnData; wishes: Wishes; pace: Pace };
    this.own = own;
    this.#wishes = wishes;
    this.#pace = pace;
  }

  /** The settings that suit data, as the command line would choose them. */
  recommended(task: TaskName, examples: Example[], isTagging: boolean): Settings {
    return { ...recommendedFor(task, examples, isTagging), backend: this.#settings.backend };
  }
}

function partsOf(data: DataSet, settings: Settings): Parts {
  return { ...splitFor(settings, data.train), test: data.test };
}

/** What of a model's configuration is a setting here. */
function networkConfigOf(config: NetworkConfig): Partial<Settings> {
  const { cell, activation, hidden, layers, bidirectional, embedding, head, dropout } = config;
  return { cell, activation, hidden, layers, bidirectional, embedding, head, dropout };
}
