/**
 * The worker's session: the user's data, a network in training, and the page's subscriptions.
 *
 * @module
 */
import { writeModel } from "@unroll/core/texts";
import type { DataSource } from "../data_protocol.ts";
import type { StepChange, Writing } from "../picture_protocol.ts";
import type { ExportedRun, Goal, NextStep, Pace, Ready, SavedRun } from "../run_protocol.ts";
import type { LiveSettings } from "../live_settings.ts";
import type { ShippedFile } from "../shipped_file.ts";
import { ARTICLE, type Settings } from "../settings.ts";
import { shared as words } from "../words/shared.ts";
import { type Computing, createComputing, type CreateGpu } from "./backends.ts";
import { type Beginning, fromFile, fromSaved, fromShipped, untrained } from "./beginnings.ts";
import { Budget } from "./budget.ts";
import { discard, type Discarded } from "./discarded.ts";
import { type Experiment, readyOf } from "./experiment.ts";
import { exportedData, exportedRun } from "./exported.ts";
import { type HandedOver, type SetAside, setAside } from "./set_aside.ts";
import { type Report, Reporter, type Subscriptions } from "./reports.ts";
import { reasonOf, saveRun } from "./saved_run.ts";
import { nextStepOf, stepOf } from "./steps.ts";
import type { OwnData } from "./own_data.ts";
import { loadRun } from "./store.ts";
import { type Begun, Training } from "./training.ts";

/** The worker's session. */
export class Session {
  own: OwnData | undefined;
  #training: Training | undefined;
  #reporter: Reporter | undefined;
  #subscriptions: Subscriptions = {};
  #discarded: Discarded | undefined;
  #aside: SetAside | undefined;
  #isSaving = true; // until the browser fails to save
  #pace: Pace = "full";
  readonly #budgets = {
    status: new Budget(80, 1),
    look: new Budget(140, 0.15),
    evaluation: new Budget(700, 0.08),
    written: new Budget(1500, 0.08),
    weights: new Budget(500, 0.08),
    save: new Budget(700, 0.1),
  };

  constructor(
    readonly report: Report,
    readonly createGpu?: CreateGpu,
    readonly shipped?: ShippedFile,
  ) {}

  /** The current run. */
  get training(): Training | undefined {
    return this.#training;
  }

  get #experiment(): Experiment {
    if (!this.#training) throw new Error(words.problems.noData);
    return this.#training.experiment;
  }

  /** The settings of the current network. */
  get settings(): Settings {
    return this.#training?.experiment.settings ?? ARTICLE;
  }

  /** Starts with an untrained network for the settings, or with the opened file's network again. */
  async prepare(settings: Settings, keepsModel: boolean): Promise<void> {
    const there = this.#training?.experiment;
    const file = keepsModel && there?.opened !== undefined ? there : undefined;
    await this.#beginWith(await untrained(settings, this.own, file));
  }

  /** Opens a network from a file, for predictions or further training. */
  async open(source: Blob, name: string): Promise<Ready> {
    const own = this.#training && this.own;
    await this.#beginWith(await fromFile({ source, name }, this.settings, own));
    return readyOf(this.#experiment);
  }

  async #beginWith({ network, begun, own }: Beginning): Promise<void> {
    const computing = await this.#computeWith(network.settings.backend);
    if (own) this.own = own;
    await this.#begin({ ...network, computing }, begun);
  }

  async #computeWith(name: string): Promise<Computing> {
    if (name.startsWith("gpujs:") && !this.createGpu) throw new Error(words.backends.noGpuJs);
    return await createComputing(name, this.createGpu);
  }

  async #begin(
    network: Experiment,
    { resume, isShipped = false, isUndo = false }: Begun = {},
  ): Promise<void> {
    const { train: _, test: __, ...source } = this.own ?? {};
    const isOwn = network.settings.set === "own" && this.own !== undefined &&
      this.own.train.length > 0;
    const experiment = { ...network, source: isOwn ? source as DataSource : undefined };
    experiment.own = isOwn ? this.own : undefined;
    const before = await discard(this.#training);
    if (before || isUndo) this.#discarded = before;
    await this.#training?.end();
    await this.#training?.experiment.computing.close();
    this.#training = new Training(experiment, this.#pace, resume, isShipped);
    this.#reporter = new Reporter(experiment, this.report);
    this.report("ready", readyOf(experiment));
    this.report("epochs", this.#training.history.news());
  }

  /** Opens the trained network shipped with the page, and returns whether the settings match it. */
  async openShipped(settings: Settings): Promise<boolean> {
    const shipped = await fromShipped(settings, this.shipped);
    if (shipped) await this.#beginWith(shipped);
    return shipped !== undefined;
  }

  /** Restores the last discarded run in place of the current one. */
  async undo(): Promise<void> {
    if (!this.#discarded) throw new Error(words.problems.nothingKept);
    const { experiment, resume, isShipped } = this.#discarded;
    if (experiment.own) this.own = experiment.own;
    const computing = await this.#computeWith(experiment.settings.backend);
    await this.#begin({ ...experiment, computing }, { resume, isShipped, isUndo: true });
  }

  /** Sets the current network aside until it is brought back. */
  async setAside(): Promise<void> {
    const training = this.#training;
    if (!training || this.#aside) return;
    this.#aside = await setAside(training, { own: this.own, discarded: this.#discarded });
    await training.end();
    await training.experiment.computing.close();
    this.#training = this.#reporter = this.#discarded = undefined;
  }

  /** Restores the network that was set aside in place of the current one. */
  async bringBack(): Promise<void> {
    if (!this.#aside) return;
    const { experiment, resume, isShipped, own, discarded } = this.#aside;
    const computing = await this.#computeWith(experiment.settings.backend);
    this.own = own;
    this.#aside = undefined;
    await this.#begin({ ...experiment, computing }, { resume, isShipped });
    this.#discarded = discarded;
  }

  /** Applies settings from the next step on. */
  change(settings: LiveSettings): void {
    this.#training?.change(settings);
    this.#budgets.status.reset();
  }

  /** Returns the batch of the next step; undefined after the last. */
  nextStep(): NextStep | undefined {
    return this.#training && nextStepOf(this.#training);
  }

  /** Takes one training step, and returns what it changed. */
  async step(): Promise<StepChange> {
    const change = await stepOf(this.#training!);
    await this.refresh(false);
    return change;
  }

  /** Trains until a goal. */
  go(goal: Goal): void {
    this.#training?.go(goal);
  }

  /** Stops after the current step. */
  pause(): void {
    this.#training?.pause();
  }

  /** Sets the speed. */
  pace(pace: Pace): void {
    this.#pace = pace;
    this.#training?.setPace(pace);
  }

  /** Does some of the training, and sends due reports; returns whether more remains. */
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

  /** Sends the reports that are due to the page; with `isAll`, all reports. */
  async refresh(isAll = true): Promise<void> {
    const training = this.#training, reporter = this.#reporter;
    if (!training || !reporter) return;
    if (isAll) { for (const budget of Object.values(this.#budgets)) budget.reset(); }
    const { status, look, evaluation, written, weights, save } = this.#budgets;
    await status.spend(() => Promise.resolve(this.#reportStatus(training)));
    await look.spend(() => reporter.look(this.#subscriptions, isAll));
    await evaluation.spend(() => reporter.evaluation(training.isOver));
    await written.spend(() => reporter.written(this.#subscriptions));
    await weights.spend(() => Promise.resolve(reporter.weights()));
    if (this.#aside) return; // the saved run is the one set aside
    await save.spend(() =>
      saveRun(training).catch((error) => {
        if (!this.#isSaving) return; // reported once
        this.#isSaving = false;
        this.report("notSaved", { reason: reasonOf(error) });
      })
    );
  }

  #reportStatus(training: Training): void {
    const news = training.history.news();
    if (news.rows.length > 0) this.report("epochs", news);
    this.report("status", { ...training.status(), discarded: this.#discarded?.epochs });
  }

  /** Sets the sentence that the page shows from now on. */
  async look(wanted: { text: string; actual?: string }): Promise<void> {
    this.#subscriptions.look = wanted;
    const { look } = this.#budgets;
    look.reset();
    const isCareful = !this.#training?.isRunning;
    await look.spend(async () => await this.#reporter?.look(this.#subscriptions, isCareful));
  }

  /** Sets how the network generates text from now on. */
  async write(writing: Writing): Promise<void> {
    this.#subscriptions.writing = writing;
    await this.#reporter?.written(this.#subscriptions);
  }

  /** The reporter of the current network. */
  get reporter(): Reporter {
    return this.#reporter!;
  }

  /** Returns the model as a file. */
  save(): Uint8Array<ArrayBuffer> {
    return writeModel(this.#experiment.model);
  }

  /** Exports the run for the page's tools. */
  exported(): ExportedRun {
    return exportedRun(this.#training!);
  }

  /** Exports a part of the data, before the validation split: as CSV, or as the unchanged text. */
  async dataFile(part: "train" | "test"): Promise<string> {
    return await exportedData(this.settings, this.own, part);
  }

  /** Returns a summary of the saved run, if there is one. */
  async saved(): Promise<SavedRun | undefined> {
    const { run } = await loadRun().catch(() => undefined) ?? {};
    return run && { settings: run.settings, epoch: run.epoch, savedAt: run.savedAt };
  }

  /** Resumes the saved run, paused. */
  async restore(): Promise<void> {
    await this.#beginWith(await fromSaved(this.own));
  }

  /** Returns the state that another worker needs to replace this one. */
  async handOver(): Promise<unknown> {
    const discarded = await discard(this.#training) ?? this.#discarded;
    return {
      own: this.own,
      subscriptions: this.#subscriptions,
      pace: this.#pace,
      discarded,
      aside: this.#aside,
    };
  }

  /** Takes over the state of another worker. */
  takeOver(data: unknown): void {
    const { own, subscriptions, pace, discarded, aside } = data as HandedOver;
    this.#aside = aside;
    this.#discarded = discarded;
    this.own = own;
    this.#subscriptions = subscriptions;
    this.#pace = pace;
  }
}
