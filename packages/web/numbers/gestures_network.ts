/**
 * The network in its worker, and how far it is.
 *
 * @module
 */
import { startWorker, WorkerClient } from "../worker_client.ts";
import { shared } from "../words/shared.ts";
import type { Gesture, GestureEvents, GestureRequests } from "./gestures_protocol.ts";

type Listeners = { [K in keyof GestureEvents]: (data: GestureEvents[K]) => void };

/** The network that the page asks. */
export class GestureNetwork {
  /** Whether it learns, or has learned, the strokes that the page shows. */
  state: "untrained" | "training" | "trained" = "untrained";
  #worker: WorkerClient<GestureRequests, GestureEvents> | undefined;

  constructor(readonly on: Listeners) {}

  /** Starts the worker; gives whether it was started already. */
  start(): boolean {
    if (this.#worker) return true;
    const worker = startWorker("./gestures_worker.js");
    const client = this.#worker = new WorkerClient<GestureRequests, GestureEvents>(
      worker,
      shared.problems.worker,
    );
    const { on } = this;
    client.on("problem", on.problem);
    client.on("epoch", (progress) => this.state === "training" && on.epoch(progress));
    client.on("learned", (facts) => {
      if (this.state !== "training") return; // the strokes are others by now
      this.state = "trained";
      on.learned(facts);
    });
    client.on("crossValidation", (found) => this.state === "trained" && on.crossValidation(found));
    return false;
  }

  /** Asks, and reports what went wrong. */
  async send<K extends keyof GestureRequests>(
    ask: K,
    given: GestureRequests[K][0],
  ): Promise<GestureRequests[K][1] | undefined> {
    return await this.#worker?.send(ask, given);
  }

  /** Begins to learn strokes; those before are forgotten. */
  async learn(gestures: readonly Gesture[]): Promise<void> {
    this.state = "training";
    const isWatched = !matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (await this.send("learn", { gestures, isWatched }) === undefined) this.state = "untrained";
  }

  /** The strokes are others: what it has learned is of no more use. */
  forget(): void {
    this.state = "untrained";
    this.send("stop", {});
  }
}
