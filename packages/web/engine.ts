/**
 * The page's side of the protocol: the worker that trains, or the one with gpu.js.
 *
 * @module
 */
import type { Events, FromWorker, Requests } from "./protocol.ts";
import { words } from "./words.ts";

type Listeners = { [K in keyof Events]?: ((data: Events[K]) => void)[] };

/** Whether this copy of the page has gpu.js beside it. */
export const hasGpuJs = document.querySelector("meta[name=gpujs]") !== null;

interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): {
    createScriptURL(url: string): URL;
  };
}

const { trustedTypes } = globalThis as unknown as { trustedTypes?: TrustedTypes };
const policy = trustedTypes?.createPolicy("unroll", { createScriptURL: (url) => url });

/** Speaks with the worker. */
export class Engine {
  #worker: Worker;
  #isGpu = false;
  #next = 0;
  #waiting = new Map<number, { done(value: unknown): void; fail(error: Error): void }>();
  #listeners: Listeners = {};

  constructor() {
    this.#worker = this.#start();
  }

  /** Calls for each event of a kind. */
  on<K extends keyof Events>(event: K, listener: (data: Events[K]) => void): void {
    (this.#listeners[event] ??= [] as never[]).push(listener as never);
  }

  /** Asks, and waits for the answer. */
  ask<K extends keyof Requests>(ask: K, given: Requests[K][0]): Promise<Requests[K][1]> {
    const id = ++this.#next;
    return new Promise((done, fail) => {
      this.#waiting.set(id, { done: done as (value: unknown) => void, fail });
      this.#worker.postMessage({ id, ask, given });
    });
  }

  /** Asks, and reports in the page what went wrong. */
  async send<K extends keyof Requests>(
    ask: K,
    given: Requests[K][0],
  ): Promise<Requests[K][1] | undefined> {
    try {
      return await this.ask(ask, given);
    } catch (error) {
      this.#emit("problem", { message: (error as Error).message });
      return undefined;
    }
  }

  /** Sees that a backend's worker is the one that answers. */
  async turnTo(backend: string): Promise<void> {
    const isGpu = backend.startsWith("gpujs:");
    if (isGpu === this.#isGpu) return;
    const data = await this.ask("handOver", {});
    this.#worker.terminate();
    this.#waiting.clear();
    this.#isGpu = isGpu;
    this.#worker = this.#start();
    await this.ask("takeOver", { data });
  }

  #start(): Worker {
    const name = this.#isGpu ? "./worker_gpujs.js" : "./worker.js";
    const url = new URL(name, document.baseURI).href;
    const worker = new Worker((policy ? policy.createScriptURL(url) : url) as URL, {
      type: "module",
    });
    worker.onmessage = ({ data }: MessageEvent<FromWorker>) => {
      if ("event" in data) return this.#emit(data.event, data.data as never);
      const waiting = this.#waiting.get(data.id);
      this.#waiting.delete(data.id);
      if ("error" in data) waiting?.fail(new Error(data.error));
      else waiting?.done(data.answer);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      this.#emit("problem", { message: event.message || words.problems.worker });
      for (const { fail } of this.#waiting.values()) fail(new Error(words.problems.worker));
      this.#waiting.clear();
    };
    return worker;
  }

  #emit<K extends keyof Events>(event: K, data: Events[K]): void {
    for (const listener of this.#listeners[event] ?? []) listener(data);
  }
}
