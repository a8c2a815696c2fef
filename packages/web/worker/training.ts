/**
 * How far training is, how fast it goes, and when it stops.
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

// What a whole run should take at least, and an epoch in milliseconds: a visitor wants to see it
// learn, not to find that it has learned.
const SECONDS: Record<Pace, number> = { slow: 60, watch: 15, full: 0 };
const SHORTEST_EPOCH: Record<Pace, number> = { slow: 250, watch: 16, full: 0 };
const LONGEST_EPOCH = 1500; // milliseconds: nobody waits for more
const NAP = 50; // milliseconds in which nothing is asked of the worker at most
const FIRST_EPOCHS = 2; // in which a loss may jump
const GROWN = 1.5; // times the loss at first: a network that guesses has no more
const ENOUGH = 0.5; // seconds to know the speed after

/** What a run resumes from. */
export interface ResumePoint {
  checkpoint: Checkpoint;
  rows: EpochRow[];
  /** What was changed on the way. */
  changes?: LiveChange[];
}

/** How a run begins. */
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
  #of: number; // examples of an epoch; of a text that is read in streams, its symbols
  #ended: Status["ended"];
  #since = 0; // when it was started
  #epochs = 0; // that were made since
  #perSecond = 0;
  #nextEpochAt = 0;
  #goal: Goal = "end";
  #changed: LiveSettings | undefined; // waits for the step under way to end
  #isToRest = false; // whether it is not taken up again then
  /** What was changed on the way. */
  changes: LiveChange[] = [];
  readonly #run: Run;

  readonly #shippedEpochs: number;

  /** @param isShipped Whether it resumes the run that ships with the page. */
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

  /** All that is needed to go on; none before the first step. */
  get checkpoint(): Checkpoint | undefined {
    return this.#run.checkpoint;
  }

  /** Where the next step is: the epoch, from 1, and how many batches of it are done. */
  get position(): { epoch: number; batches: number } {
    const { epoch, batches } = this.checkpoint?.progress ?? { epoch: 1, batches: 0 };
    return { epoch, batches };
  }

  /** Whether it goes on by itself. */
  get isRunning(): boolean {
    return this.#run.isRunning;
  }

  /** Whether the network is the one that ships with the page, as it came. */
  get isShipped(): boolean {
    return this.#shippedEpochs === this.#epoch && this.#done === 0;
  }

  /** Whether there is no next step. */
  get isOver(): boolean {
    return this.#epoch > this.experiment.settings.epochs || this.#ended !== undefined;
  }

  /** From the next step on with these settings; a run under way is taken up again with them. */
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

  /** Goes on until a goal. */
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

  /** Stops after the step under way. */
  pause(): void {
    if (this.#phase === "running") this.#run.pause();
    this.#isToRest = this.#changed !== undefined;
    this.#nextEpochAt = 0;
  }

  /** Stops after the step under way, and waits for that. */
  async rest(): Promise<void> {
    if (!this.isRunning) return;
    this.pause();
    while (this.isRunning) await this.turn();
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

  /** The loss that it had at best and that it has now, where it has grown out of all proportion. */
  #isGrowing(): Status["isGrowing"] {
    const { rows } = this.history, last = rows.at(-1);
    if (!last || rows.length <= FIRST_EPOCHS) return undefined;
    const least = rows.reduce((least, { trainLoss }) => Math.min(least, trainLoss), Infinity);
    const isFar = last.trainLoss > GROWN * Math.max(least, rows[0].trainLoss);
    return isFar ? { from: least, to: last.trainLoss } : undefined;
  }

  /** Gives back what it has on the device. */
  async end(): Promise<void> {
    await this.#run.end();
  }
}
