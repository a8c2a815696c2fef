/**
 * Progress, speed and end of training.
 *
 * @module
 */
import type { Checkpoint, TrainEvent } from "@unroll/core/texts";
import type { EpochRow, Goal, LiveChange, Pace, Phase, Status } from "../run_protocol.ts";
import { LIVE, liveOf, type LiveSettings } from "../live_settings.ts";
import { trainingOf } from "../run_settings.ts";
import { taskOf } from "../tasks/tasks.ts";
import { shared as words } from "../words/shared.ts";
import type { Experiment } from "./experiment.ts";
import { History, rowOf } from "./history.ts";
import { Run } from "./run.ts";

// The minimum duration of a run in seconds, and of an epoch in milliseconds, so that the user can
// watch the network learn.
const SECONDS: Record<Pace, number> = { slow: 60, watch: 15, full: 0 };
const SHORTEST_EPOCH: Record<Pace, number> = { slow: 250, watch: 16, full: 0 };
const LONGEST_EPOCH = 1500; // milliseconds: the longest wait
const NAP = 50; // milliseconds: the longest pause between two checks for requests
const FIRST_EPOCHS = 2; // epochs in which the loss may jump
const GROWN = 1.5; // times the first loss, which is about that of guessing
const ENOUGH = 0.5; // seconds of training to estimate the speed

/** The point that a run resumes from. */
export interface ResumePoint {
  checkpoint: Checkpoint;
  rows: EpochRow[];
  /** The settings changed during the run. */
  changes?: LiveChange[];
}

/** How a run starts. */
export interface Begun {
  resume?: ResumePoint;
  isShipped?: boolean;
  isUndo?: boolean;
}

/** The training of a network. */
export class Training {
  readonly history = new History();
  pace: Pace;
  #phase: Phase = "fresh";
  #epoch = 1;
  #done = 0; // examples of this epoch
  #of: number; // examples of an epoch, or symbols of a text read in streams
  #ended: Status["ended"];
  #since = 0; // when it was started
  #epochs = 0; // epochs completed since
  #perSecond = 0;
  #nextEpochAt = 0;
  #goal: Goal = "end";
  #changed: LiveSettings | undefined; // applied when the current step has ended
  #isToRest = false; // whether to stay paused then
  /** The settings changed during the run. */
  changes: LiveChange[] = [];
  readonly #run: Run;

  readonly #shippedEpochs: number;

  /** @param isShipped Whether it resumes the run shipped with the page. */
  constructor(
    readonly experiment: Experiment,
    pace: Pace,
    resume?: ResumePoint,
    isShipped = false,
  ) {
    this.#shippedEpochs = isShipped ? resume!.checkpoint.progress.epoch : 0;
    const { settings, model, parts, computing } = experiment;
    const { train, validation, test } = parts;
    const options = { ...trainingOf(settings, validation.length > 0), validation, test };
    const plan = { backend: computing.backend, model, examples: train, options };
    this.#run = new Run(plan, resume?.checkpoint);
    this.#of = taskOf(settings).isWriting ? 0 : train.length;
    this.pace = pace;
    if (!resume) return;
    this.history.restore(resume.rows);
    this.changes = resume.changes ?? [];
    const { epoch, batches, targets } = resume.checkpoint.progress;
    this.#epoch = epoch;
    this.#done = this.#of === 0 ? targets : Math.min(this.#of, batches * settings.batchSize);
    this.#phase = this.isOver ? "done" : "paused";
  }

  /** The checkpoint to resume from; undefined before the first step. */
  get checkpoint(): Checkpoint | undefined {
    return this.#run.checkpoint;
  }

  /** The position of the next step: the epoch, from 1, and the number of its completed batches. */
  get position(): { epoch: number; batches: number } {
    const { epoch, batches } = this.checkpoint?.progress ?? { epoch: 1, batches: 0 };
    return { epoch, batches };
  }

  /** Whether training is in progress. */
  get isRunning(): boolean {
    return this.#run.isRunning;
  }

  /** Whether the network is the one shipped with the page, unchanged. */
  get isShipped(): boolean {
    return this.#shippedEpochs === this.#epoch && this.#done === 0;
  }

  /** Whether training is complete. */
  get isOver(): boolean {
    return this.#epoch > this.experiment.settings.epochs || this.#ended !== undefined;
  }

  /** Applies settings from the next step on; a run in progress pauses and resumes with them. */
  change(settings: LiveSettings): void {
    const before = this.experiment.settings;
    this.experiment.settings = { ...before, ...liveOf({ ...before, ...settings }) };
    if (this.#epoch > 1 || this.#done > 0) {
      for (const name of LIVE) {
        if (name === "epochs" || before[name] === settings[name]) continue;
        this.changes.push({ name, epoch: this.#epoch, from: before[name], to: settings[name] });
      }
    }
    if (this.#phase === "running") {
      this.#changed = settings;
      this.#run.pause();
      return;
    }
    this.#run.change(settings);
    if (this.#phase === "done" && !this.isOver) this.#phase = "paused";
  }

  /** Trains until a goal; throws without data, or if training is complete. */
  go(goal: Goal): void {
    if (this.isRunning) return;
    if (this.experiment.parts.train.length === 0) throw new Error(words.problems.noMatchingData);
    if (this.isOver) throw new Error(words.problems.over);
    this.#goal = goal;
    this.#run.start(goal);
    this.#phase = "running";
    this.#since = performance.now();
    this.#epochs = this.#perSecond = this.#nextEpochAt = 0;
  }

  /** Stops after the current step. */
  pause(): void {
    if (this.#phase === "running") this.#run.pause();
    this.#isToRest = this.#changed !== undefined;
    this.#nextEpochAt = 0;
  }

  /** Stops after the current step, and waits until it has stopped. */
  async rest(): Promise<void> {
    if (!this.isRunning) return;
    this.pause();
    while (this.isRunning) await this.turn();
  }

  /** Sets the speed. */
  setPace(pace: Pace): void {
    this.pace = pace;
    this.#nextEpochAt = 0;
  }

  /**
   * Does some of the training.
   *
   * @throws {Error} If training fails; the network then keeps its last good weights.
   */
  async turn(): Promise<void> {
    const wait = this.#nextEpochAt - performance.now();
    if (wait > 0) return await new Promise((done) => setTimeout(done, Math.min(wait, NAP)));
    try {
      const event = await this.#run.next();
      if (event) this.#note(event);
    } catch (error) {
      await this.#run.end();
      this.#phase = "failed";
      throw error;
    }
    if (this.isRunning) return;
    this.#phase = this.isOver ? "done" : "paused";
    if (!this.#changed) return;
    this.#run.change(this.#changed);
    this.#changed = undefined;
    if (!this.isOver && !this.#isToRest) this.go(this.#goal);
    this.#isToRest = false;
  }

  #note(event: TrainEvent): void {
    if (event.type === "progress") {
      this.#epoch = event.epoch;
      this.#done = event.done;
      this.#of = event.of;
    } else if (event.type === "epoch") {
      this.#nextEpoch(event.epoch);
      this.history.add(rowOf(event));
      this.#epochs++;
      const wait = Math.min(
        LONGEST_EPOCH,
        1000 * SECONDS[this.pace] / this.experiment.settings.epochs,
      );
      this.#nextEpochAt = performance.now() + Math.max(SHORTEST_EPOCH[this.pace], wait);
    } else if (event.type === "stopped") {
      this.#epoch = event.epoch;
      this.#done = event.done;
      if (event.reason !== "patience") return;
      this.#nextEpoch(event.epoch);
      this.#ended = { reason: "patience", best: event.best };
    } else if (event.type === "checkpoint") {
      const { epoch, batches } = event.checkpoint.progress;
      if (epoch > this.#epoch) this.#nextEpoch(epoch - 1);
      // A single step reports its progress only by its checkpoint.
      const { settings } = this.experiment;
      if (!taskOf(settings).isWriting) {
        this.#done = Math.min(this.#of, batches * settings.batchSize);
      }
    }
  }

  #nextEpoch(over: number): void {
    this.#epoch = over + 1;
    this.#done = 0;
  }

  /** Returns the progress. */
  status(): Status {
    const seconds = (performance.now() - this.#since) / 1000;
    if (this.#phase === "running" && seconds > ENOUGH) {
      this.#perSecond = (this.#epochs + this.#done / Math.max(1, this.#of)) / seconds;
    }
    const { epochs } = this.experiment.settings;
    const left = epochs - this.#epoch + 1;
    return {
      phase: this.#phase,
      isGrowing: this.#isGrowing(),
      changes: this.changes,
      isShipped: this.isShipped,
      epoch: this.#epoch,
      epochs,
      done: this.#done,
      of: this.#of,
      epochsPerSecond: this.#perSecond,
      secondsLeft: this.#perSecond > 0 ? left / this.#perSecond : NaN,
      ended: this.#ended,
    };
  }

  /** Returns the best loss and the current one, if the loss has grown far beyond the first. */
  #isGrowing(): Status["isGrowing"] {
    const { rows } = this.history, last = rows.at(-1);
    if (!last || rows.length <= FIRST_EPOCHS) return undefined;
    const least = rows.reduce((least, { trainLoss }) => Math.min(least, trainLoss), Infinity);
    const isFar = last.trainLoss > GROWN * Math.max(least, rows[0].trainLoss);
    return isFar ? { from: least, to: last.trainLoss } : undefined;
  }

  /** Ends training, and frees its tensors on the device. */
  async end(): Promise<void> {
    await this.#run.end();
  }
}
