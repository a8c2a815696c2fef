/**
 * A training run that can be paused, resumed and stepped.
 *
 * @module
 */
import {
  type Backend,
  type Checkpoint,
  type Example,
  type Model,
  train,
  type TrainEvent,
  type TrainOptions,
} from "@unroll/core/texts";
import type { Goal } from "../run_protocol.ts";
import type { LiveSettings } from "../live_settings.ts";

const AT_ENDS = Number.MAX_SAFE_INTEGER; // checkpoints only when an epoch ends or the run stops

/** The model, data and options of a run. */
export interface RunPlan {
  backend: Backend;
  model: Model;
  examples: readonly Example[];
  options: TrainOptions;
}

/** A run. Between two goals it is a checkpoint, from which core resumes bit for bit. */
export class Run {
  /** The checkpoint to resume from; undefined before the first step. */
  checkpoint: Checkpoint | undefined;
  #events: AsyncGenerator<TrainEvent, void, void> | undefined;
  #stop = new AbortController();
  #goal: Goal = "end";
  #isPausing = false;

  constructor(readonly plan: RunPlan, checkpoint?: Checkpoint) {
    this.checkpoint = checkpoint;
  }

  /** Whether the run is in progress. */
  get isRunning(): boolean {
    return this.#events !== undefined;
  }

  /** Starts or resumes the run, until the goal. */
  start(goal: Goal): void {
    this.#goal = goal;
    const { backend, model, examples, options } = this.plan;
    this.#stop = new AbortController();
    this.#isPausing = false;
    this.#events = train(backend, model, examples, {
      ...options,
      checkpointEvery: goal === "step" ? 1 : AT_ENDS,
      resume: this.checkpoint,
      signal: this.#stop.signal,
    });
  }

  /** Applies settings from the next step on, as if resumed with them; the run must be paused. */
  change({ epochs, learningRate, clip, clipNorm, dropout }: LiveSettings): void {
    const { options, model } = this.plan;
    const none = Infinity; // core's value for no clipping
    Object.assign(options, {
      ...{ epochs, learningRate },
      ...{ clip: clip || none, clipNorm: clipNorm || none },
    });
    model.config = { ...model.config, dropout };
    const { checkpoint } = this;
    if (!checkpoint) return;
    const settled = { learningRate, clip: clip || null, clipNorm: clipNorm || null };
    this.checkpoint = {
      ...checkpoint,
      model: { ...checkpoint.model, config: model.config },
      options: { ...checkpoint.options, ...settled },
    };
  }

  /** Stops after the current step. */
  pause(): void {
    this.#isPausing = true;
    this.#stop.abort();
  }

  /** Returns the next event; undefined if the run has reached its goal or its end. */
  async next(): Promise<TrainEvent | undefined> {
    const { value } = await this.#events!.next();
    if (!value) {
      await this.end();
      return undefined;
    }
    if (value.type === "checkpoint") {
      this.checkpoint = value.checkpoint;
      const { batches } = value.checkpoint.progress;
      const isThere = this.#goal === "step" || (this.#goal === "epoch" && batches === 0);
      if (isThere && !this.#isPausing) await this.end();
    }
    return value;
  }

  /** Ends the run, and frees its tensors on the device. */
  async end(): Promise<void> {
    const events = this.#events;
    this.#events = undefined;
    await events?.return();
  }
}
