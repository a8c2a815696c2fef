/**
 * The training of a forecaster: its speed, its end, and its reports.
 *
 * @module
 */
import type { Backend, TrainEvent } from "@unroll/core";
import type { Report } from "../messages.ts";
import { forecastWorker as words } from "../words/forecast_worker.ts";
import { Budget } from "../worker/budget.ts";
import type { Planned } from "./forecast_plan.ts";
import type { ForecastEvents } from "./forecast_protocol.ts";
import {
  type ForecastTrainEvent,
  leastOf,
  progressOf,
  trainForecaster,
} from "./forecast_training.ts";

const NAP = 20; // milliseconds, after which the page's requests are answered

/** What a training needs. */
export interface ForecastRunPlaces {
  backend: Backend;
  report: Report<ForecastEvents>;
  /** Draws the forecasts of the network as it is now. */
  draw(): Promise<void>;
  /** Evaluates the network. */
  measure(): Promise<void>;
}

/** The training. */
export class ForecastRun {
  /** The events so far. */
  log: TrainEvent[] = [];
  readonly #redraw = new Budget(60, 0.3);
  readonly #tell = new Budget(200, 0.5);
  #plan: Planned | undefined;
  #events: AsyncGenerator<ForecastTrainEvent> | undefined;
  #phase: ForecastEvents["status"]["phase"] = "untrained";
  #spent = 0; // milliseconds of training
  #share = 0; // of the current epoch
  #isFull = false;
  #nextEpochAt = 0;

  constructor(readonly places: ForecastRunPlaces) {}

  /** Whether it has started and not ended. */
  get isUnderWay(): boolean {
    return this.#events !== undefined;
  }

  /** Resets the state, for another network. */
  reset(plan: Planned, phase: "untrained" | "opened"): void {
    this.#plan = plan;
    this.#phase = phase;
    this.log = [];
    this.#spent = 0;
    this.places.report("losses", { rows: [], isReset: true });
    this.places.report("results", undefined);
    this.#reportStatus();
  }

  /** Starts or continues training. */
  train(): void {
    if (!this.#plan) throw new Error(words.problems.noData);
    if (this.#phase === "paused") this.#phase = "running";
    if (this.#phase === "running") return this.#reportStatus();
    this.#phase = "running";
    this.#nextEpochAt = 0;
    this.#events = trainForecaster(this.places.backend, this.#plan);
    this.#reportStatus();
  }

  /** Sets the speed: full, or slow enough to watch. */
  pace(isFull: boolean): void {
    this.#isFull = isFull;
    this.#nextEpochAt = 0;
  }

  /** Pauses after the current step. */
  pause(): void {
    if (this.#phase !== "running") return;
    this.#phase = "paused";
    this.#reportStatus();
  }

  /** Does a part of the training; returns whether more remains. */
  async turn(): Promise<boolean> {
    if (this.#phase !== "running" || !this.#events) return false;
    const start = performance.now(), wait = this.#nextEpochAt - start;
    if (wait > 0) {
      await new Promise((done) => setTimeout(done, Math.min(wait, NAP)));
      return true;
    }
    try {
      const { value, done } = await this.#events.next();
      this.#spent += performance.now() - start;
      if (done) await this.finish();
      else await this.#note(value);
    } catch (error) {
      this.places.report("problem", { message: (error as Error).message });
      await this.finish();
    }
    return this.#phase === "running";
  }

  async #note(event: ForecastTrainEvent): Promise<void> {
    const { report, draw } = this.places;
    if (event.type === "calibrating") return report("progress", { text: words.calibrating });
    if (event.type !== "progress") this.log.push(event);
    else {
      this.#share = event.done / event.of;
      await this.#tell.spend(() => Promise.resolve(this.#reportStatus()));
    }
    if (event.type !== "epoch") return;
    const { epoch, train: { loss }, validation, test } = event;
    const row = { epoch, train: loss, validation: validation?.loss, heldOut: test?.loss };
    report("losses", { rows: [row], isReset: false });
    const { epochs = 0 } = this.#plan!.training;
    this.#nextEpochAt = this.#isFull ? 0 : performance.now() + leastOf(epochs);
    this.#share = 0;
    this.#reportStatus();
    await this.#redraw.spend(draw);
  }

  /** Ends the training and keeps what was learned so far. */
  async finish(): Promise<void> {
    const { report, draw, measure } = this.places;
    await this.#stop("done");
    report("progress", undefined);
    this.#reportStatus();
    await draw();
    await measure();
  }

  /** Ends the training, because there will be another network. */
  async end(): Promise<void> {
    await this.#stop("untrained");
  }

  async #stop(phase: "done" | "untrained"): Promise<void> {
    await this.#events?.return(undefined);
    this.#events = undefined;
    this.#phase = phase;
  }

  #reportStatus(): void {
    const { training: { epochs = 0 } } = this.#plan!;
    const phase = this.#phase, least = this.#isFull ? 0 : leastOf(epochs);
    const progress = progressOf(this.log, {
      epochs,
      spent: this.#spent,
      share: this.#share,
      least,
    });
    this.places.report("status", { phase, epochs, ...progress });
  }
}
