/**
 * The page's client of the training worker: the standard one, or the one with gpu.js.
 *
 * @module
 */
import type { AllRequests } from "./comparison.ts";
import type { Events } from "./protocol.ts";
import { startWorker, WorkerClient } from "./worker_client.ts";
import { words } from "./words.ts";

/** Whether this copy of the page was built with gpu.js. */
export const hasGpuJs = document.querySelector("meta[name=gpujs]") !== null;

const start = (isGpu: boolean) => startWorker(isGpu ? "./worker_gpujs.js" : "./worker.js");

/** The client of the training worker. */
export class Engine extends WorkerClient<AllRequests, Events> {
  #isGpu = false;

  constructor() {
    super(start(false), words.problems.worker);
  }

  /** Switches to the worker that has a backend, if another one is running. */
  async turnTo(backend: string): Promise<void> {
    const isGpu = backend.startsWith("gpujs:");
    if (isGpu === this.#isGpu) return;
    const data = await this.ask("handOver", {});
    this.#isGpu = isGpu;
    this.replace(start(isGpu));
    await this.ask("takeOver", { data });
  }
}
