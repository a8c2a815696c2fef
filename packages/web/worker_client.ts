/**
 * A page's client of a worker: requests with their answers, and events.
 *
 * @module
 */
import type { Requests, ToPage } from "./messages.ts";

interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): {
    createScriptURL(url: string): URL;
  };
}

const { trustedTypes } = globalThis as unknown as { trustedTypes?: TrustedTypes };
const policy = trustedTypes?.createPolicy("unroll", { createScriptURL: (url) => url });

/** Returns the address of one of the page's own scripts, for a worker. */
export function scriptUrl(script: string): URL {
  const url = new URL(script, document.baseURI).href;
  return (policy ? policy.createScriptURL(url) : url) as URL;
}

/** Starts one of the page's own scripts as a worker. */
export function startWorker(script: string): Worker {
  return new Worker(scriptUrl(script), { type: "module" });
}

/** A client of a worker. The event "problem" reports an error. */
export class WorkerClient<R extends Requests<R>, E extends { problem: { message: string } }> {
  #worker: Worker;
  #next = 0;
  #waiting = new Map<number, { done(value: unknown): void; fail(error: Error): void }>();
  #listeners: { [K in keyof E]?: ((data: E[K]) => void)[] } = {};

  /** @param broken The message if the worker cannot be started. */
  constructor(worker: Worker, readonly broken: string) {
    this.#worker = this.#listenTo(worker);
  }

  /** Adds a listener for an event. */
  on<K extends keyof E>(event: K, listener: (data: E[K]) => void): void {
    (this.#listeners[event] ??= []).push(listener);
  }

  /** Sends a request, and waits for the answer. */
  ask<K extends keyof R>(ask: K, given: R[K][0]): Promise<R[K][1]> {
    const id = ++this.#next;
    return new Promise((done, fail) => {
      this.#waiting.set(id, { done: done as (value: unknown) => void, fail });
      this.#worker.postMessage({ id, ask, given });
    });
  }

  /** Sends a request; if it fails, reports the error on the page and returns undefined. */
  async send<K extends keyof R>(ask: K, given: R[K][0]): Promise<R[K][1] | undefined> {
    try {
      return await this.ask(ask, given);
    } catch (error) {
      this.#emit("problem", { message: (error as Error).message });
      return undefined;
    }
  }

  /** Replaces the worker. */
  protected replace(worker: Worker): void {
    this.#worker.terminate();
    this.#waiting.clear();
    this.#worker = this.#listenTo(worker);
  }

  #listenTo(worker: Worker): Worker {
    worker.onmessage = ({ data }: MessageEvent<ToPage<E>>) => {
      if ("event" in data) return this.#emit(data.event, data.data);
      const waiting = this.#waiting.get(data.id);
      this.#waiting.delete(data.id);
      if ("error" in data) waiting?.fail(new Error(data.error));
      else waiting?.done(data.answer);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      this.#emit("problem", { message: event.message || this.broken });
      for (const { fail } of this.#waiting.values()) fail(new Error(this.broken));
      this.#waiting.clear();
    };
    return worker;
  }

  #emit<K extends keyof E>(event: K, data: E[K]): void {
    for (const listener of this.#listeners[event] ?? []) listener(data);
  }
}
