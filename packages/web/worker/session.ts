/**
 * What the worker holds: data, a network, its run, and what the page wants to see of them.
 *
 * @module
 */
import {
  type Checkpoint,
  type Example,
  type FloatArray,
  generate,
  type Model,
  type NetworkConfig,
  readCheckpoint,
  readModel,
  shapesOf,
  type TrainEvent,
  type Weights,
  writeCheckpoint,
  writeModel,
  writtenLabels,
} from "@unroll/core";
import type {
  Drivers,
  EpochRow,
  Events,
  Goal,
  Pace,
  Phase,
  Reach,
  Ready,
  SavedRun,
  TaskName,
  Writing,
} from "../protocol.ts";
import { ARTICLE, isWriting, type Settings, trainingOf } from "../settings.ts";
import { presetOf } from "../sets/presets.ts";
import { builtInSet, type DataSet } from "../sets/sets.ts";
import { words } from "../words.ts";
import { type Computing, createComputing } from "./backends.ts";
import { Budget } from "./budget.ts";
import { History, rowOf } from "./history.ts";
import { driversOf, lookAt, reachOf, statesOfWords, weightMapsOf } from "./readings.ts";
import { Run } from "./run.ts";
import { createFor, recommendedFor, reviewFor, splitFor, taskOf } from "./tasks.ts";
import { forgetRun, loadRun, storeRun } from "./store.ts";

/** Data of the visitor's own. */
export type OwnData = DataSet & {
  name: string;
  columns?: { text: string; label: string };
};

/** Tells the page. */
export type Tell = <K extends keyof Events>(
  event: K,
  data: Events[K],
  transfer?: ArrayBuffer[],
) => void;

// What a whole run should take at least, and an epoch in milliseconds: a visitor wants to see it
// learn, not to find that it has learnt.
const SECONDS: Record<Pace, number> = { slow: 60, watch: 15, full: 0 };
const SHORTEST_EPOCH: Record<Pace, number> = { slow: 250, watch: 16, full: 0 };

const LONGEST_EPOCH = 1500; // milliseconds: nobody waits for more

const MAX_VOCABULARY = 2000; // words whose rows the page can name
const SAMPLES = 16;
const WRITTEN = 240; // symbols of what a network writes to be looked at

/** The session. */
export class Session {
  own: OwnData | undefined;
  #settings: Settings = ARTICLE;
  #computing: Computing | undefined;
  #model!: Model;
  #before: Weights<FloatArray> = {};
  #data: DataSet & { validation: Example[] } = { train: [], test: [], validation: [] };
  #labels = new Map<string, string>();
  #run: Run | undefined;
  #phase: Phase = "fresh";
  #at = { epoch: 1, done: 0 };
  #of = 0; // examples of an epoch; of a text that is read in streams, its symbols
  #ended: { reason: "patience"; best?: number } | undefined;
  #opened: string | undefined;
  #history = new History();
  #speed = { since: 0, epochs: 0, perSecond: 0 };
  #pace: Pace = "full";
  #nextEpochAt = 0;
  #isRestarting = false;
  #wanted: { text: string; truth?: string } | undefined;
  #writing: Writing | undefined;
  #drivers: { weights: Weights<FloatArray>; states: FloatArray } | undefined;
  readonly #budgets = {
    status: new Budget(80, 1),
    look: new Budget(140, 0.15),
    review: new Budget(700, 0.08),
    written: new Budget(1500, 0.08),
    weights: new Budget(500, 0.08),
    save: new Budget(700, 0.1),
  };

  constructor(readonly tell: Tell, readonly gpujs: unknown, readonly isGpuWorker: boolean) {}

  /** A fresh network for the settings; or, of a file, the same one as it was in the file. */
  async prepare(settings: Settings, keepsModel: boolean): Promise<void> {
    const data = settings.set === "own" ? this.own : builtInSet(settings.set);
    if (!data) throw new Error(words.problems.noData);
    const split = this.#split(data, settings);
    const isKept = keepsModel && this.#opened !== undefined;
    const model = isKept
      ? { ...this.#model, weights: this.#before }
      : createFor(settings, split.train, data.train.length > 1);
    const computing = await this.#computeWith(settings.backend);
    await this.#close();
    this.#take(settings, split, model, computing);
    if (!isKept) this.#opened = undefined;
    this.#begin();
  }

  /** The network of a file, to ask or to train on. */
  async open(file: Blob, name: string): Promise<Ready> {
    const model = await readModel(file, name);
    await this.#close();
    const data = this.#dataFor(model, this.#settings);
    const settings: Settings = {
      ...this.#settings,
      ...networkConfigOf(model.config),
      set: data.set,
      task: taskOf(model),
      unit: model.unit ?? "characters",
      attention: model.attention ?? "dot",
    };
    const computing = await this.#computeWith(settings.backend);
    this.#take(settings, this.#split(data, settings), model, computing);
    this.#opened = name;
    this.#begin();
    return this.#ready();
  }

  /** The data that an opened network can learn: what is there, or else a built-in set. */
  #dataFor(model: Model, { set }: Settings): DataSet & { set: string } {
    const { labels, config } = model;
    const task = taskOf(model);
    const isTagger = task === "classification" && config.head === "token";
    const known = task === "classification" ? labels : writtenLabels(model);
    const fits = ({ train }: DataSet, own: TaskName) =>
      own === task && (task === "language-model" || task === "translate" ||
        train.every(({ label }) =>
          (isTagger ? label.trim().split(/\s+/) : [label]).every((one) => known.includes(one))
        ));
    const now = set === "own" ? this.own : builtInSet(set);
    if (now && fits(now, this.#settings.task)) return { ...now, set };
    const other = Object.keys(words.sets).filter((name) => name !== "own")
      .find((name) => fits(builtInSet(name), presetOf(name).task));
    return other ? { ...builtInSet(other), set: other } : { train: [], test: [], set };
  }

  #split(data: DataSet, settings: Settings) {
    return { ...splitFor(settings, data.train), test: data.test };
  }

  async #computeWith(name: string): Promise<Computing> {
    if (name.startsWith("gpujs:") && !this.isGpuWorker) throw new Error(words.backends.noGpuJs);
    return await createComputing(name, this.gpujs);
  }

  #take(
    settings: Settings,
    data: DataSet & { validation: Example[] },
    model: Model,
    computing: Computing,
  ): void {
    this.#settings = settings;
    this.#data = data;
    this.#model = model;
    this.#computing = computing;
    this.#before = model.weights;
    this.#labels = new Map(
      [...data.train, ...data.validation, ...data.test].map(({ text, label }) => [text, label]),
    );
  }

  #begin(saved?: Checkpoint, phase: Phase = "fresh"): void {
    const { validation, test, train } = this.#data;
    const options = {
      ...trainingOf(this.#settings, validation.length > 0),
      validation,
      test,
    };
    const backend = this.#computing!.backend;
    this.#run = new Run({ backend, model: this.#model, examples: train, options }, saved);
    if (!saved) {
      this.#history.restore([]);
      this.#at = { epoch: 1, done: 0 };
    }
    this.#of = isWriting(this.#settings) ? 0 : train.length;
    this.#phase = phase;
    this.#ended = undefined;
    this.#drivers = undefined;
    this.tell("ready", this.#ready());
    this.tell("epochs", this.#history.news());
    for (const budget of Object.values(this.#budgets)) budget.reset();
  }

  #ready(): Ready {
    const { config, labels, vocabulary } = this.#model;
    const { train, validation, test } = this.#data;
    const shapes = shapesOf(this.#model);
    const some = (examples: readonly Example[]) => {
      const every = Math.max(1, Math.floor(examples.length / (SAMPLES / 2)));
      return examples.filter((_, i) => i % every === every - 1).slice(0, SAMPLES / 2);
    };
    return {
      settings: this.#settings,
      config,
      labels,
      vocabulary: vocabulary.slice(0, MAX_VOCABULARY),
      words: vocabulary.length - 1,
      parameters: Object.values(shapes).reduce((sum, [m, n]) => sum + m * n, 0),
      counts: { train: train.length, validation: validation.length, test: test.length },
      samples: [...some(test.length > 0 ? test : validation), ...some(train)],
      written: writtenLabels(this.#model),
      computes: this.#computing!.about,
      opened: this.#opened,
    };
  }

  /** From now on so many epochs; a run under way is taken up again with them. */
  changeEpochs(epochs: number): void {
    const run = this.#run;
    if (!run) return;
    this.#settings = { ...this.#settings, epochs };
    run.plan.options.epochs = epochs;
    this.#budgets.status.reset();
    if (this.#phase === "running") {
      this.#isRestarting = true;
      run.pause();
    } else if (this.#phase === "done" && !this.#ended && this.#at.epoch <= epochs) {
      this.#phase = "paused";
    }
  }

  /** Goes on until a goal. */
  go(goal: Goal): void {
    const run = this.#run;
    if (!run || run.isRunning) return;
    if (this.#data.train.length === 0) throw new Error(words.problems.noMatchingData);
    if (this.#at.epoch > this.#settings.epochs || this.#ended) throw new Error(words.problems.over);
    run.start(goal);
    this.#phase = "running";
    this.#speed = { since: performance.now(), epochs: 0, perSecond: 0 };
    this.#nextEpochAt = 0;
  }

  /** Stops after the step under way. */
  pause(): void {
    if (this.#phase === "running") this.#run?.pause();
    this.#nextEpochAt = 0;
  }

  /** How fast to go. */
  pace(pace: Pace): void {
    this.#pace = pace;
    this.#nextEpochAt = 0;
  }

  /** Some of the training, and what the page should be told by now; gives whether there is more. */
  async turn(): Promise<boolean> {
    const run = this.#run;
    if (!run?.isRunning) return false;
    const now = performance.now();
    const wait = this.#nextEpochAt - now;
    if (wait > 0) {
      await new Promise((done) => setTimeout(done, Math.min(wait, 50)));
    } else {
      try {
        const event = await run.next();
        if (event) this.#note(event);
        if (!run.isRunning) this.#arrive();
      } catch (error) {
        await run.end();
        this.#phase = "failed";
        this.tell("problem", { message: (error as Error).message });
      }
    }
    await this.refresh(!run.isRunning);
    return run.isRunning;
  }

  #note(event: TrainEvent): void {
    if (event.type === "progress") {
      this.#at = { epoch: event.epoch, done: event.done };
      this.#of = event.of;
    } else if (event.type === "epoch") {
      this.#at = { epoch: event.epoch + 1, done: 0 };
      this.#history.add(rowOf(event));
      this.#speed.epochs++;
      const seconds = SECONDS[this.#pace];
      const wait = Math.max(
        SHORTEST_EPOCH[this.#pace],
        Math.min(LONGEST_EPOCH, 1000 * seconds / this.#settings.epochs),
      );
      this.#nextEpochAt = performance.now() + wait;
    } else if (event.type === "stopped") {
      this.#at = { epoch: event.epoch, done: event.done };
      if (event.reason === "patience") {
        this.#at = { epoch: event.epoch + 1, done: 0 };
        this.#ended = { reason: "patience", best: event.best };
      }
    } else {
      const { epoch, batches } = event.checkpoint.progress;
      // A stop has told already; a single step has not.
      const done = this.#at.epoch === epoch ? this.#at.done : 0;
      const after = Math.min(this.#of, batches * this.#settings.batchSize);
      this.#at = { epoch, done: isWriting(this.#settings) ? done : after };
    }
  }

  #arrive(): void {
    const isOver = this.#at.epoch > this.#settings.epochs || this.#ended;
    this.#phase = isOver ? "done" : "paused";
    if (this.#isRestarting && !isOver) this.go("end");
    this.#isRestarting = false;
  }

  /** Tells the page what is due; with `isAll`, all of it. */
  async refresh(isAll = true): Promise<void> {
    if (!this.#run) return;
    if (isAll) { for (const budget of Object.values(this.#budgets)) budget.reset(); }
    const { status, look, review, written, weights, save } = this.#budgets;
    await status.spend(() => this.#tellStatus());
    await look.spend(() => this.#tellLook(isAll));
    await review.spend(() => this.#tellReview());
    await written.spend(() => this.#tellWritten());
    await weights.spend(() => Promise.resolve(this.#tellWeights()));
    if (this.#run.checkpoint) await save.spend(() => this.#save());
  }

  #tellStatus(): Promise<void> {
    const news = this.#history.news();
    if (news.rows.length > 0) this.tell("epochs", news);
    const seconds = (performance.now() - this.#speed.since) / 1000;
    if (this.#phase === "running" && seconds > 0.5) {
      const part = this.#at.done / Math.max(1, this.#of);
      this.#speed.perSecond = (this.#speed.epochs + part) / seconds;
    }
    const { epoch, done } = this.#at;
    const { epochs } = this.#settings;
    const perSecond = this.#speed.perSecond;
    const progress = this.#run?.checkpoint?.progress;
    this.tell("status", {
      phase: this.#phase,
      epoch,
      epochs,
      done,
      of: this.#of,
      steps: progress?.steps ?? 0,
      epochsPerSecond: perSecond,
      secondsLeft: perSecond > 0 ? (epochs - epoch + 1) / perSecond : NaN,
      ended: this.#ended,
    });
    return Promise.resolve();
  }

  /** Tells of the sentence that the page shows, at once where nothing else is going on. */
  async showLook(): Promise<void> {
    await this.#budgets.look.spend(() => this.#tellLook(!this.#run?.isRunning));
  }

  /** From now on the page shows this sentence. */
  look(wanted: { text: string; truth?: string }): void {
    this.#wanted = wanted;
    this.#budgets.look.reset();
  }

  async #tellLook(isCareful: boolean): Promise<void> {
    const wanted = this.#wanted;
    if (!wanted || (wanted.text.trim() === "" && !isWriting(this.#settings))) return;
    const { text } = wanted;
    const known = this.#labels.get(text);
    const task = taskOf(this.#model);
    const labels = task === "classification" ? this.#model.labels : writtenLabels(this.#model);
    const chosen = labels.includes(wanted.truth ?? "") ? wanted.truth : undefined;
    const isTagger = task === "classification" && this.#model.config.head === "token";
    const truth = isTagger || task === "translate" ? known : chosen ?? known;
    try {
      const look = await lookAt(
        this.#computing!.backend,
        this.#model,
        this.#settings,
        { text, truth },
        isCareful,
      );
      this.tell("look", look);
    } catch (error) {
      this.tell("problem", { message: (error as Error).message });
    }
  }

  async #tellReview(): Promise<void> {
    const { train, validation, test } = this.#data;
    const [on, examples] = test.length > 0
      ? ["test" as const, test]
      : validation.length > 0
      ? ["validation" as const, validation]
      : ["train" as const, train];
    if (examples.length === 0) return;
    const found = await reviewFor(this.#computing!.backend, this.#model, examples);
    this.tell("review", { found, on, count: examples.length });
  }

  /** From now on the network writes so. */
  async write(writing: Writing): Promise<void> {
    this.#writing = writing;
    await this.#tellWritten();
  }

  async #tellWritten(): Promise<void> {
    if (!this.#writing || !isWriting(this.#settings)) return;
    const { prompt, label, temperature, seed } = this.#writing;
    const known = writtenLabels(this.#model);
    const options = {
      prompt,
      temperature,
      seed,
      length: WRITTEN,
      label: known.length === 0 ? undefined : known.find((name) => name === label) ?? known[0],
    };
    let text = "";
    try {
      for await (const piece of generate(this.#computing!.backend, this.#model, options)) {
        text += piece;
      }
      this.tell("written", { text, prompt });
    } catch (error) {
      this.tell("problem", { message: (error as Error).message });
      this.#writing = undefined; // not again and again
    }
  }

  #tellWeights(): void {
    this.tell("weights", weightMapsOf(this.#model, this.#before));
  }

  /** The words that drive a unit. */
  async drivers(unit: number): Promise<Drivers> {
    const { weights } = this.#model;
    if (this.#drivers?.weights !== weights) {
      const states = await statesOfWords(this.#computing!.backend, this.#model);
      this.#drivers = { weights, states };
    }
    return driversOf(this.#drivers.states, this.#model, unit);
  }

  /** How far gradients reach back. */
  async reach(length: number): Promise<Reach> {
    const { train } = this.#data;
    if (train.length === 0) throw new Error(words.problems.noMatchingData);
    return await reachOf(this.#computing!.backend, this.#model, train, this.#settings, length);
  }

  /** The model's file. */
  save(): Uint8Array<ArrayBuffer> {
    return writeModel(this.#model);
  }

  /** What the columns of the data are called. */
  get columns(): [text: string, label: string] {
    return this.#settings.task === "translate" ? ["source", "target"] : ["text", "label"];
  }

  /** A part of the data. */
  examples(part: "train" | "test"): Example[] {
    const { train, validation, test } = this.#data;
    if (part === "test") return test;
    const all = this.#settings.set === "own" ? this.own?.train : undefined;
    return all ?? builtInSet(this.#settings.set).train ?? [...train, ...validation];
  }

  async #save(): Promise<void> {
    const { checkpoint } = this.#run!;
    const { rows } = this.#history;
    const { epoch } = checkpoint!.progress;
    const isOwn = this.#settings.set === "own";
    try {
      await storeRun({
        settings: this.#settings,
        checkpoint: writeCheckpoint(checkpoint!, { rows }),
        before: writeModel({ ...this.#model, weights: this.#before }),
        own: isOwn ? this.own : undefined,
        opened: this.#opened,
        epoch: epoch - 1,
        savedAt: Date.now(),
      });
    } catch { // a browser that keeps nothing, such as in a private window
      this.#budgets.save.reset();
    }
  }

  /** What there is to go on with. */
  async saved(): Promise<SavedRun | undefined> {
    const run = await loadRun().catch(() => undefined);
    return run && { settings: run.settings, epoch: run.epoch, savedAt: run.savedAt };
  }

  /** Forgets it. */
  async forget(): Promise<void> {
    await forgetRun();
  }

  /** Goes on with the kept run, paused. */
  async restore(): Promise<void> {
    const stored = await loadRun();
    if (!stored) throw new Error(words.problems.nothingKept);
    const { checkpoint, notes } = await readCheckpoint(new Blob([stored.checkpoint]), "run");
    const before = await readModel(new Blob([stored.before]), "run");
    await this.#close();
    const { settings, own } = stored;
    if (own) this.own = own;
    const computing = await this.#computeWith(settings.backend);
    const data = settings.set === "own" ? this.own! : builtInSet(settings.set);
    const model = { ...checkpoint.model, weights: checkpoint.best ?? checkpoint.model.weights };
    this.#take(settings, this.#split(data, settings), model, computing);
    this.#before = before.weights;
    this.#opened = stored.opened;
    this.#history.restore((notes as { rows?: EpochRow[] } | undefined)?.rows ?? []);
    const { epoch } = checkpoint.progress;
    this.#at = { epoch, done: 0 };
    this.#begin(checkpoint, epoch > settings.epochs ? "done" : "paused");
  }

  /** What another worker needs in this one's place. */
  handOver(): unknown {
    return { own: this.own, wanted: this.#wanted, writing: this.#writing, pace: this.#pace };
  }

  /** Takes what another worker had. */
  takeOver(data: unknown): void {
    const { own, wanted, writing, pace } = data as {
      own?: OwnData;
      writing?: Writing;
      wanted?: { text: string; truth?: string };
      pace: Pace;
    };
    this.own = own;
    this.#wanted = wanted;
    this.#writing = writing;
    this.#pace = pace;
  }

  /** The settings that suit data, as the command line would choose them. */
  recommended(task: TaskName, examples: Example[], isTagging: boolean): Settings {
    return { ...recommendedFor(task, examples, isTagging), backend: this.#settings.backend };
  }

  async #close(): Promise<void> {
    await this.#run?.end();
    this.#run = undefined;
    await this.#computing?.close();
    this.#computing = undefined;
  }
}

/** What of a model's configuration is a setting here. */
function networkConfigOf(config: NetworkConfig): Partial<Settings> {
  const { cell, activation, hidden, layers, bidirectional, embedding, head, dropout } = config;
  return { cell, activation, hidden, layers, bidirectional, embedding, head, dropout };
}
