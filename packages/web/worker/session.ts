/**
 * What the worker holds: the visitor's data, a network in training, and what the page wants to see.
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

/** The session. */
export class Session {
  own: OwnData | undefined;
  #training: Training | undefined;
  #reporter: Reporter | undefined;
  #subscriptions: Subscriptions = {};
  #discarded: Discarded | undefined;
  #aside: SetAside | undefined;
  #isSaving = true; // until it turns out that the browser saves nothing
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

  /** The run that is there. */
  get training(): Training | undefined {
    return this.#training;
  }

  get #experiment(): Experiment {
    if (!this.#training) throw new Error(words.problems.noData);
    return this.#training.experiment;
  }

  /** The settings of the network that is there. */
  get settings(): Settings {
    return this.#training?.experiment.settings ?? ARTICLE;
  }

  /** An untrained network for the settings; or, of a file, the same one as it was in the file. */
  async prepare(settings: Settings, keepsModel: boolean): Promise<void> {
    const there = this.#training?.experiment;
    const file = keepsModel && there?.opened !== undefined ? there : undefined;
    await this.#beginWith(await untrained(settings, this.own, file));
  }

  /** The network of a file, to ask or to train on. */
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

  /** The trained network that ships with the page, if these settings are its own. */
  async openShipped(settings: Settings): Promise<boolean> {
    const shipped = await fromShipped(settings, this.shipped);
    if (shipped) await this.#beginWith(shipped);
    return shipped !== undefined;
  }

  /** The run that was discarded last, in place of the one that is there. */
  async undo(): Promise<void> {
    if (!this.#discarded) throw new Error(words.problems.nothingKept);
    const { experiment, resume, isShipped } = this.#discarded;
    if (experiment.own) this.own = experiment.own;
    const computing = await this.#computeWith(experiment.settings.backend);
    await this.#begin({ ...experiment, computing }, { resume, isShipped, isUndo: true });
  }

  /** The network that is there waits, until it is brought back. */
  async setAside(): Promise<void> {
    const training = this.#training;
    if (!training || this.#aside) return;
    this.#aside = await setAside(training, { own: this.own, discarded: this.#discarded });
    await training.end();
    await training.experiment.computing.close();
    this.#training = this.#reporter = this.#discarded = undefined;
  }

  /** The network that waits, in place of the one that is there. */
  async bringBack(): Promise<void> {
    if (!this.#aside) return;
    const { experiment, resume, isShipped, own, discarded } = this.#aside;
    const computing = await this.#computeWith(experiment.settings.backend);
    this.own = own;
    this.#aside = undefined;
    await this.#begin({ ...experiment, computing }, { resume, isShipped });
    this.#discarded = discarded;
  }

  /** From the next step on with these settings. */
  change(settings: LiveSettings): void {
    this.#training?.change(settings);
    this.#budgets.status.reset();
  }

  /** What the next step learns from; none after the last. */
  nextStep(): NextStep | undefined {
    return this.#training && nextStepOf(this.#training);
  }

  /** Makes one step. */
  async step(): Promise<StepChange> {
    const change = await stepOf(this.#training!);
    await this.refresh(false);
    return change;
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
    await evaluation.spend(() => reporter.evaluation(training.isOver));
    await written.spend(() => reporter.written(this.#subscriptions));
    await weights.spend(() => Promise.resolve(reporter.weights()));
    if (this.#aside) return; // what is saved is the run that waits
    await save.spend(() =>
      saveRun(training).catch((error) => {
        if (!this.#isSaving) return; // it is said once
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

  /** Answers questions about the network that is there. */
  get reporter(): Reporter {
    return this.#reporter!;
  }

  /** The model's file. */
  save(): Uint8Array<ArrayBuffer> {
    return writeModel(this.#experiment.model);
  }

  /** The run as the page's tools get it. */
  exported(): ExportedRun {
    return exportedRun(this.#training!);
  }

  /** A part of the data, before any of it was set aside: a table, or a text as it is. */
  async dataFile(part: "train" | "test"): Promise<string> {
    return await exportedData(this.settings, this.own, part);
  }

  /** What there is to go on with. */
  async saved(): Promise<SavedRun | undefined> {
    const { run } = await loadRun().catch(() => undefined) ?? {};
    return run && { settings: run.settings, epoch: run.epoch, savedAt: run.savedAt };
  }

  /** Resumes the saved run, paused. */
  async restore(): Promise<void> {
    await this.#beginWith(await fromSaved(this.own));
  }

  /** What another worker needs in this one's place. */
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

  /** Takes what another worker had. */
  takeOver(data: unknown): void {
    const { own, subscriptions, pace, discarded, aside } = data as HandedOver;
    this.#aside = aside;
    this.#discarded = discarded;
    this.own = own;
    this.#subscriptions = subscriptions;
    this.#pace = pace;
  }
}
