/**
 * The page's client of the gesture worker, with the state of its network.
 *
 * @module
 */
import { startWorker, WorkerClient } from "../worker_client.ts";
import { shared } from "../words/shared.ts";
import type { Gesture, GestureEvents, GestureRequests } from "./gestures_protocol.ts";

type Listeners = { [K in keyof GestureEvents]: (data: GestureEvents[K]) => void };

/** The client of the network's worker. */
export class GestureNetwork {
  /** Whether the network is trained, or being trained, on the strokes that the page shows. */
  state: "untrained" | "training" | "trained" = "untrained";
  #worker: WorkerClient<GestureRequests, GestureEvents> | undefined;

  constructor(readonly on: Listeners) {}

  /** Starts the worker; returns whether it was already running. */
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
      if (this.state !== "training") return; // the strokes have changed
      this.state = "trained";
      on.learned(facts);
    });
    client.on("crossValidation", (found) => this.state === "trained" && on.crossValidation(found));
    return false;
  }

  /** Sends a request, and reports errors. */
  async send<K extends keyof GestureRequests>(
    ask: K,
    given: GestureRequests[K][0],
  ): Promise<GestureRequests[K][1] | undefined> {
    return await this.#worker?.send(ask, given);
  }

  /** Starts training on strokes, from scratch. */
  async learn(gestures: readonly Gesture[]): Promise<void> {
    this.state = "training";
    const isWatched = !matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (await this.send("learn", { gestures, isWatched }) === undefined) this.state = "untrained";
  }

  /** Marks the network as untrained, because the strokes have changed. */
  forget(): void {
    this.state = "untrained";
    this.send("stop", {});
  }
}
