/**
 * How far training is, how fast it goes, and when it stops.
 *
 * @module
 */
import type { Checkpoint, TrainEvent } from "@unroll/core/texts";
import type { EpochRow, Goal, Pace, Phase, Status } from "../protocol.ts";
import { trainingOf } from "../run_settings.ts";
import { taskOf } from "../tasks/tasks.ts";
import { shared as words } from "../words/shared.ts";
import type { Experiment } from "./experiment.ts";
import { History, rowOf } from "./history.ts";
import { Run } from "./run.ts";

// What a whole run should take at least, and an epoch in milliseconds: a visitor wants to see it
// learn, not to find that it has learned.
const SECONDS: Record<Pace, number> = { slow: 60, watch: 15, full: 0 };
const SHORTEST_EPOCH: Record<Pace, number> = { slow: 250, watch: 16, full: 0 };
const LONGEST_EPOCH = 1500; // milliseconds: nobody waits for more
const NAP = 50; // milliseconds in which nothing is asked of the worker at most
const ENOUGH = 0.5; // seconds to know the speed after

/** What a run resumes from. */
export interface ResumePoint {
  checkpoint: Checkpoint;
  rows: EpochRow[];
}

/** The training of a network. */
export class Training {
  readonly history = new History();
  pace: Pace;
  #phase: Phase = "fresh";
  #epoch = 1;
  #done = 0; // examples of this epoch
  #of: number; // examples of an epoch; of a text that is read in streams, its symbols
  #ended: Status["ended"];
  #since = 0; // when it was started
  #epochs = 0; // that were made since
  #perSecond = 0;
  #nextEpochAt = 0;
  #isRestarting = false;
  readonly #run: Run;

  constructor(readonly experiment: Experiment, pace: Pace, resume?: ResumePoint) {
    const { settings, model, parts, computing } = experiment;
    const { train, validation, test } = parts;
    const options = { ...trainingOf(settings, validation.length > 0), validation, test };
    const plan = { backend: computing.backend, model, examples: train, options };
    this.#run = new Run(plan, resume?.checkpoint);
    this.#of = taskOf(settings).isWriting ? 0 : train.length;
    this.pace = pace;
    if (!resume) return;
    this.history.restore(resume.rows);
    this.#epoch = resume.checkpoint.progress.epoch;
    this.#phase = this.#isOver ? "done" : "paused";
  }

  /** All that is needed to go on; none before the first step. */
  get checkpoint(): Checkpoint | undefined {
    return this.#run.checkpoint;
  }

  /** Whether it goes on by itself. */
  get isRunning(): boolean {
    return this.#run.isRunning;
  }

  get #isOver(): boolean {
    return this.#epoch > this.experiment.settings.epochs || this.#ended !== undefined;
  }

  /** From now on so many epochs; a run under way is taken up again with them. */
  changeEpochs(epochs: number): void {
    this.experiment.settings = { ...this.experiment.settings, epochs };
    this.#run.plan.options.epochs = epochs;
    if (this.#phase === "running") {
      this.#isRestarting = true;
      this.#run.pause();
    } else if (this.#phase === "done" && !this.#isOver) this.#phase = "paused";
  }

  /** Goes on until a goal. */
  go(goal: Goal): void {
    if (this.isRunning) return;
    if (this.experiment.parts.train.length === 0) throw new Error(words.problems.noMatchingData);
    if (this.#isOver) throw new Error(words.problems.over);
    this.#run.start(goal);
    this.#phase = "running";
    this.#since = performance.now();
    this.#epochs = this.#perSecond = this.#nextEpochAt = 0;
  }

  /** Stops after the step under way. */
  pause(): void {
    if (this.#phase === "running") this.#run.pause();
    this.#nextEpochAt = 0;
  }

  /** Goes at another pace. */
  setPace(pace: Pace): void {
    this.pace = pace;
    this.#nextEpochAt = 0;
  }

  /**
   * Some of the training.
   *
   * @throws {Error} Where it fails; the network has its last good weights then.
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
    this.#phase = this.#isOver ? "done" : "paused";
    if (this.#isRestarting && !this.#isOver) this.go("end");
    this.#isRestarting = false;
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
      // A single step tells of itself by its checkpoint alone.
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

  /** How far it is. */
  status(): Status {
    const seconds = (performance.now() - this.#since) / 1000;
    if (this.#phase === "running" && seconds > ENOUGH) {
      this.#perSecond = (this.#epochs + this.#done / Math.max(1, this.#of)) / seconds;
    }
    const { epochs } = this.experiment.settings;
    const left = epochs - this.#epoch + 1;
    return {
      phase: this.#phase,
      epoch: this.#epoch,
      epochs,
      done: this.#done,
      of: this.#of,
      epochsPerSecond: this.#perSecond,
      secondsLeft: this.#perSecond > 0 ? left / this.#perSecond : NaN,
      ended: this.#ended,
    };
  }

  /** Gives back what it has on the device. */
  async end(): Promise<void> {
    await this.#run.end();
  }
}
