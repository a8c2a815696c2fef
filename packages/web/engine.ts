/**
 * The page's side of the protocol: the worker that trains, or the one with gpu.js.
 *
 * @module
 */
import type { AllRequests } from "./comparison.ts";
import type { Events } from "./protocol.ts";
import { startWorker, WorkerClient } from "./worker_client.ts";
import { words } from "./words.ts";

/** Whether this copy of the page has gpu.js beside it. */
export const hasGpuJs = document.querySelector("meta[name=gpujs]") !== null;

const start = (isGpu: boolean) => startWorker(isGpu ? "./worker_gpujs.js" : "./worker.js");

/** Speaks with the worker. */
export class Engine extends WorkerClient<AllRequests, Events> {
  #isGpu = false;

  constructor() {
    super(start(false), words.problems.worker);
  }

  /** Sees that a backend's worker is the one that answers. */
  async turnTo(backend: string): Promise<void> {
    const isGpu = backend.startsWith("gpujs:");
    if (isGpu === this.#isGpu) return;
    const data = await this.ask("handOver", {});
    this.#isGpu = isGpu;
    this.replace(start(isGpu));
    await this.ask("takeOver", { data });
  }
}
