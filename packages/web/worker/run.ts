/**
 * A run of training that can be stopped anywhere, made to go on, and taken one step at a time.
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

const AT_ENDS = Number.MAX_SAFE_INTEGER; // a checkpoint at each epoch's end and at each stop alone

/** What a run learns, and how. */
export interface RunPlan {
  backend: Backend;
  model: Model;
  examples: readonly Example[];
  options: TrainOptions;
}

/** A run. Between two goals it is a checkpoint, from which core goes on bit for bit. */
export class Run {
  /** All that is needed to go on; none before the first step. */
  checkpoint: Checkpoint | undefined;
  #events: AsyncGenerator<TrainEvent, void, void> | undefined;
  #stop = new AbortController();
  #goal: Goal = "end";
  #isPausing = false;

  constructor(readonly plan: RunPlan, checkpoint?: Checkpoint) {
    this.checkpoint = checkpoint;
  }

  /** Whether there is something to do. */
  get isRunning(): boolean {
    return this.#events !== undefined;
  }

  /** Goes on, until the goal. */
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

  /** From the next step on with these, as if it had been resumed with them. It must not be running. */
  change({ epochs, learningRate, clip, clipNorm, dropout }: LiveSettings): void {
    const { options, model } = this.plan;
    const none = Infinity; // what core has for a bound that is missing
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

  /** Stops after the step under way. */
  pause(): void {
    this.#isPausing = true;
    this.#stop.abort();
  }

  /** The next event; none where the run has reached its goal or its end. */
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

  /** Gives back what the run has on the device. */
  async end(): Promise<void> {
    const events = this.#events;
    this.#events = undefined;
    await events?.return();
  }
}
