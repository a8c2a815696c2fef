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
  splitUsable,
  writeModel,
  writtenLabels,
} from "@unroll/core/texts";
import type {
  DataSource,
  Drivers,
  Goal,
  Pace,
  Reach,
  Ready,
  SavedRun,
  Writing,
} from "../protocol.ts";
import { ARTICLE, type Settings } from "../settings.ts";
import { presetOf, PRESETS } from "../sets/presets.ts";
import { builtInSet, type DataSet } from "../sets/sets.ts";
import { taskOf, taskOfModel } from "../tasks/tasks.ts";
import { shared as words } from "../words/shared.ts";
import { toCsv } from "./csv.ts";
import { type Computing, createComputing, type CreateGpu } from "./backends.ts";
import { Budget } from "./budget.ts";
import { CORE } from "./core.ts";
import { type Experiment, type Parts, readyOf } from "./experiment.ts";
import { recommendedFor } from "./recommended.ts";
import { type Report, Reporter, type Subscriptions } from "./reports.ts";
import { restoreRun, saveRun } from "./saved_run.ts";
import { loadRun, type OwnData } from "./store.ts";
import { type ResumePoint, Training } from "./training.ts";

/** The session. */
export class Session {
  own: OwnData | undefined;
  #training: Training | undefined;
  #reporter: Reporter | undefined;
  #subscriptions: Subscriptions = {};
  #pace: Pace = "full";
  readonly #budgets = {
    status: new Budget(80, 1),
    look: new Budget(140, 0.15),
    evaluation: new Budget(700, 0.08),
    written: new Budget(1500, 0.08),
    weights: new Budget(500, 0.08),
    save: new Budget(700, 0.1),
  };

  constructor(readonly report: Report, readonly createGpu?: CreateGpu) {}

  get #experiment(): Experiment {
    if (!this.#training) throw new Error(words.problems.noData);
    return this.#training.experiment;
  }

  get #settings(): Settings {
    return this.#training?.experiment.settings ?? ARTICLE;
  }

  /** An untrained network for the settings; or, of a file, the same one as it was in the file. */
  async prepare(settings: Settings, keepsModel: boolean): Promise<void> {
    const data = this.#dataOf(settings);
    const parts = partsOf(data, settings);
    const before = this.#training?.experiment;
    const isKept = keepsModel && before?.opened !== undefined;
    const model: Model = isKept
      ? { ...before.model, weights: before.before }
      : taskOf(settings).create(CORE, settings, parts.train, data.train.length > 1);
    const computing = await this.#computeWith(settings.backend);
    const opened = isKept ? before.opened : undefined;
    await this.#begin({ settings, model, before: model.weights, parts, computing, opened });
  }

  /** The network of a file, to ask or to train on. */
  async open(file: Blob, name: string): Promise<Ready> {
    const model = await readModel(file, name);
    if (model.ensemble) throw new Error(words.problems.ensemble(name));
    const task = taskOfModel(model, writtenLabels(model));
    const set = this.#setFor(model);
    const settings: Settings = {
      ...this.#settings,
      ...networkConfigOf(model.config),
      set: set ?? this.#settings.set,
      unit: ARTICLE.unit,
      attention: ARTICLE.attention,
      stripHtml: isStripping(model),
      ...task.settingsOf(model),
      task: task.name,
    };
    const data = set === undefined ? { train: [], test: [] } : this.#dataOf(settings);
    const computing = await this.#computeWith(settings.backend);
    const parts = partsOf(data, settings);
    await this.#begin({ settings, model, before: model.weights, parts, computing, opened: name });
    return readyOf(this.#experiment);
  }

  /** The data that an opened network can learn: what is there, or else a built-in set. */
  #setFor(model: Model): string | undefined {
    const written = writtenLabels(model);
    const task = taskOfModel(model, written);
    const fits = ({ train }: DataSet, own: string) =>
      own === task.name && train.every((example) => task.knows(model, written, example));
    const { set, task: own } = this.#settings;
    if (this.#training && fits(this.#dataOf(this.#settings), own)) return set;
    return Object.keys(PRESETS)
      .find((name) => fits(builtInSet(name), presetOf(name).task));
  }

  #dataOf(settings: Settings): DataSet {
    const { set } = settings;
    const data = set === "own" ? this.own : builtInSet(set);
    if (!data) throw new Error(words.problems.noData);
    return set === "own" && !this.own!.isWhole ? readableIn(data, settings) : data;
  }

  async #computeWith(name: string): Promise<Computing> {
    if (name.startsWith("gpujs:") && !this.createGpu) throw new Error(words.backends.noGpuJs);
    return await createComputing(name, this.createGpu);
  }

  async #begin(network: Experiment, resume?: ResumePoint): Promise<void> {
    const { train: _, test: __, ...source } = this.own ?? {};
    const isOwn = network.settings.set === "own" && this.own !== undefined;
    const experiment = { ...network, source: isOwn ? source as DataSource : undefined };
    await this.#training?.end();
    await this.#training?.experiment.computing.close();
    this.#training = new Training(experiment, this.#pace, resume);
    this.#reporter = new Reporter(experiment, this.report);
    this.report("ready", readyOf(experiment));
    this.report("epochs", this.#training.history.news());
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

  /** Some of the training, and the reports that are due; gives whether there is more. */
  async turn(): Promise<boolean> {
    const training = this.#training;
    if (!training?.isRunning) return false;
    try {
      await training.turn();
    } catch (error) {
      this.report("problem", { message: (error as Error).message });
    }
    await this.refresh(!training.isRunning);
    return training.isRunning;
  }

  /** Reports to the page what is due; with `isAll`, all of it. */
  async refresh(isAll = true): Promise<void> {
    const training = this.#training, reporter = this.#reporter;
    if (!training || !reporter) return;
    if (isAll) { for (const budget of Object.values(this.#budgets)) budget.reset(); }
    const { status, look, evaluation, written, weights, save } = this.#budgets;
    await status.spend(() => Promise.resolve(this.#reportStatus(training)));
    await look.spend(() => reporter.look(this.#subscriptions, isAll));
    await evaluation.spend(() => reporter.evaluation());
    await written.spend(() => reporter.written(this.#subscriptions));
    await weights.spend(() => Promise.resolve(reporter.weights()));
    // A browser may save nothing, such as in a private window.
    await save.spend(() => saveRun(training, this.own).catch(() => {}));
  }

  #reportStatus(training: Training): void {
    const news = training.history.news();
    if (news.rows.length > 0) this.report("epochs", news);
    this.report("status", training.status());
  }

  /** From now on the page shows this sentence. */
  async look(wanted: { text: string; actual?: string }): Promise<void> {
    this.#subscriptions.look = wanted;
    const { look } = this.#budgets;
    look.reset();
    const isCareful = !this.#training?.isRunning;
    await look.spend(async () => await this.#reporter?.look(this.#subscriptions, isCareful));
  }

  /** From now on the network writes so. */
  async write(writing: Writing): Promise<void> {
    this.#subscriptions.writing = writing;
    await this.#reporter?.written(this.#subscriptions);
  }

  /** The words that drive a unit. */
  drivers(unit: number): Promise<Drivers> {
    return this.#reporter!.drivers(unit);
  }

  /** How far gradients reach back. */
  reach(length: number): Promise<Reach> {
    return this.#reporter!.reach(length);
  }

  /** The model's file. */
  save(): Uint8Array<ArrayBuffer> {
    return writeModel(this.#experiment.model);
  }

  /** A part of the data, before any of it was set aside: a table, or a text as it is. */
  dataFile(part: "train" | "test"): string {
    const examples = this.#dataOf(this.#settings)[part];
    const isWhole = this.#settings.set === "own" && this.own?.isWhole;
    return isWhole ? examples[0].text : toCsv(examples, taskOf(this.#settings).columns);
  }

  /** What there is to go on with. */
  async saved(): Promise<SavedRun | undefined> {
    const run = await loadRun().catch(() => undefined);
    return run && { settings: run.settings, epoch: run.epoch, savedAt: run.savedAt };
  }

  /** Resumes the saved run, paused. */
  async restore(): Promise<void> {
    const restored = await restoreRun();
    if (!restored) throw new Error(words.problems.nothingKept);
    const { own, resume, ...rest } = restored;
    if (own) this.own = own;
    const { settings } = rest;
    const computing = await this.#computeWith(settings.backend);
    const parts = partsOf(this.#dataOf(settings), settings);
    await this.#begin({ ...rest, parts, computing }, resume);
  }

  /** What another worker needs in this one's place. */
  handOver(): unknown {
    return { own: this.own, subscriptions: this.#subscriptions, pace: this.#pace };
  }

  /** Takes what another worker had. */
  takeOver(data: unknown): void {
    const { own, subscriptions, pace } = data as HandedOver;
    this.own = own;
    this.#subscriptions = subscriptions;
    this.#pace = pace;
  }

  /** The settings that suit data, as the command line would choose them. */
  recommended(task: string, examples: Example[]): Settings {
    return { ...recommendedFor(task, examples), backend: this.#settings.backend };
  }
}

/** What one worker hands over to another. */
interface HandedOver {
  own?: OwnData;
  subscriptions: Subscriptions;
  pace: Pace;
}

function partsOf({ train, test }: DataSet, settings: Settings): Parts {
  const { validation } = settings;
  if (validation === 0 || train.length === 0) return { train, validation: [], test };
  return { ...taskOf(settings).split(CORE, train, validation, settings), test };
}

/** The examples that have words, or symbols, where HTML is left out. */
function readableIn({ train, test }: DataSet, settings: Settings): DataSet {
  if (!settings.stripHtml) return { train, test };
  const { models, stripping, unit } = taskOf(settings);
  const reading = { task: models, unit: unit(settings), ...stripping };
  return { train: splitUsable(reading, train).usable, test: splitUsable(reading, test).usable };
}

function isStripping(model: Model): boolean {
  if ("tokenizer" in model) return model.tokenizer.html === "strip";
  return "html" in model && model.html === "strip";
}

/** What of a model's configuration is a setting here. */
function networkConfigOf(config: NetworkConfig): Partial<Settings> {
  const { cell, activation, hidden, layers, bidirectional, embedding, head, dropout } = config;
  return { cell, activation, hidden, layers, bidirectional, embedding, head, dropout };
}
